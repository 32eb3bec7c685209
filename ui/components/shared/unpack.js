// Reads what ui/components/pack.py writes: arrays as typed arrays, with no number parsed.

/** @typedef {Uint8Array|Int8Array|Uint16Array|Int16Array|Uint32Array|Int32Array|Float32Array|Float64Array} Numbers */
/** @typedef {{data: Numbers, shape: number[], dtype: string}} NdArray */

/** @type {Record<string, new (memory: ArrayBufferLike, start: number, size: number) => Numbers>} */
const KINDS = {
  uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array,
  uint32: Uint32Array, int32: Int32Array, float32: Float32Array, float64: Float64Array,
};
const WILD = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const HEAD = 8;

/**
 * @param {Uint8Array} bytes
 * @returns {{meta: any, arrays: Record<string, NdArray>}}
 */
export function unpack(bytes) {
  if (!(bytes instanceof Uint8Array) || String.fromCharCode(...bytes.subarray(0, 4)) !== "SCNN") {
    throw new TypeError("These bytes were not written by pack().");
  }
  // Typed arrays need aligned memory, and the bytes may arrive as a view into a larger message.
  const memory = bytes.byteOffset % 8 ? bytes.slice() : bytes;
  const length = new DataView(memory.buffer, memory.byteOffset).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(memory.subarray(HEAD, HEAD + length)));
  for (const [way, what] of header.wild ?? []) {
    const last = way.pop(), holder = way.reduce((/** @type {any} */ at, /** @type {string|number} */ step) => at[step], header.meta);
    holder[last] = WILD[/** @type {keyof typeof WILD} */ (what)];
  }
  const start = memory.byteOffset + HEAD + length;
  /** @type {Record<string, NdArray>} */
  const arrays = {};
  for (const { name, dtype, shape, offset } of header.arrays) {
    const size = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    arrays[name] = { data: new KINDS[dtype](memory.buffer, start + offset, size), shape, dtype };
  }
  return { meta: header.meta, arrays };
}
