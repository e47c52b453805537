/*
 * codes.mjs - an app that shows one-time codes.
 */
import { createHmac } from "node:crypto";

/* The code of RFC 6238 for `secret`, in base 32, at `seconds`. */
export function codeOf(secret, seconds) {
	const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
		.indexOf(letter).toString(2).padStart(5, "0")).join("");
	const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const step = Buffer.alloc(8);
	step.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
	const hash = createHmac("sha1", key).update(step).digest();
	const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
	return String(number % 1000000).padStart(6, "0");
}
