/*
 * photograph.mjs - a photograph as a telephone takes it: a JPEG that lies on its side and
 * says so, and where and with what it was taken.
 */

/* What must not be published with it. */
export const SECRET = "Camera of somebody";

/* EXIF 2.3: a TIFF of little endian, with one directory that leads to another. */
function exif() {
	const maker = Buffer.from(`${SECRET}\0`);
	const tiff = Buffer.alloc(8 + 2 + 3 * 12 + 4 + 2 + 12 + 4 + maker.length);
	tiff.write("II*\0", "latin1");
	tiff.writeUInt32LE(8, 4);
	let at = tiff.writeUInt16LE(3, 8);
	const write = (tag, type, count, value) => {
		at = tiff.writeUInt16LE(tag, at);
		at = tiff.writeUInt16LE(type, at);
		at = tiff.writeUInt32LE(count, at);
		at = tiff.writeUInt32LE(value, at);
	};
	const places = 8 + 2 + 3 * 12 + 4;
	write(0x010f, 2, maker.length, places + 2 + 12 + 4); /* Make */
	write(0x0112, 3, 1, 6); /* Orientation: to be turned to the right */
	write(0x8825, 4, 1, places); /* GPS */
	at = tiff.writeUInt16LE(1, places);
	write(0x0001, 2, 2, 0x4e); /* GPSLatitudeRef: "N" */
	maker.copy(tiff, places + 2 + 12 + 4);
	const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
	const head = Buffer.from([0xff, 0xe1, 0, 0]);
	head.writeUInt16BE(body.length + 2, 2);
	return Buffer.concat([head, body]);
}

/* In the page: a picture of `width` by `height`, half red, half blue, so that which way
 * up it is can be seen; as the bytes of a `type`, in base 64. */
async function draw([width, height, type]) {
	const canvas = Object.assign(document.createElement("canvas"), { width, height });
	const context = canvas.getContext("2d");
	context.fillStyle = "#c02020";
	context.fillRect(0, 0, width / 2, height);
	context.fillStyle = "#2020c0";
	context.fillRect(width / 2, 0, width / 2, height);
	return canvas.toDataURL(type, 0.9).split(",")[1];
}

/* The bytes of a photograph, `width` by `height` as it is stored. */
export async function takePhotograph(browser, width, height) {
	const page = await browser.newPage();
	const jpeg = Buffer.from(await page.evaluate(draw, [width, height, "image/jpeg"]),
		"base64");
	await page.close();
	return Buffer.concat([jpeg.subarray(0, 2), exif(), jpeg.subarray(2)]);
}

/* In the page: a JPEG of `width` by `height` that does not compress, the same of the same
 * `seed`; its bytes in base 64. */
async function drawNoise([width, height, seed]) {
	const canvas = Object.assign(document.createElement("canvas"), { width, height });
	const context = canvas.getContext("2d");
	const image = context.createImageData(width, height);
	let state = seed;
	for (let i = 0; i < image.data.length; i++) {
		state = Math.imul(state, 1664525) + 1013904223 | 0;
		image.data[i] = i % 4 === 3 ? 255 : state >>> 24;
	}
	context.putImageData(image, 0, 0);
	return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
}

/* The bytes of a large JPEG: about as many as it has pixels. */
export async function takeNoise(browser, width, height, seed) {
	const page = await browser.newPage();
	const base64 = await page.evaluate(drawNoise, [width, height, seed]);
	await page.close();
	return Buffer.from(base64, "base64");
}

/* Have the clipboard hold a picture, as somebody who copied it elsewhere; `address` is
 * a page that may. */
export async function copyPicture(context, address, width, height) {
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	const page = await context.newPage();
	await page.goto(address);
	const png = await page.evaluate(draw, [width, height, "image/png"]);
	await page.evaluate((base64) => navigator.clipboard.write([new ClipboardItem({
		"image/png": new Blob([Uint8Array.from(atob(base64), (one) =>
			one.charCodeAt(0))], { type: "image/png" }) })]), png);
	await page.close();
}
