// A value as the module reads it: JSON's data model in a compact binary form,
// written into one buffer, so that a cart crosses into the module in a single
// copy. Reading it property by property from the other side costs five times
// as much, and JSON.stringify three times (Node 20).
//
//   null 0 · false 1 · true 2 · number 3 text · text 4 size bytes
//   list 5 size values · map 6 size (text without its tag, value)… · other 7
//
// Sizes are LEB128; numbers are the text that JavaScript writes for them.

const MAX_DEPTH = 16;
const encoder = new TextEncoder();
let tape = new Uint8Array(4096);
let end = 0;

/**
 * @param {unknown} value as JSON.stringify takes it: `toJSON` is called, undefined is left out
 * @returns {Uint8Array} valid until the next call
 */
export function record(value) {
  end = 0;
  write(value, 0);
  return tape.subarray(0, end);
}

function write(value, depth) {
  reserve(1);
  switch (typeof value) {
    case "string":
      tape[end++] = 4;
      return writeText(value);
    case "number":
      tape[end++] = 3;
      return writeText(String(value));
    case "boolean":
      tape[end++] = value ? 2 : 1;
      return;
    case "object":
      if (value === null) {
        tape[end++] = 0;
      } else if (depth === MAX_DEPTH) {
        break;
      } else if (typeof value.toJSON === "function") {
        write(value.toJSON(), depth + 1);
      } else if (Array.isArray(value)) {
        tape[end++] = 5;
        writeSize(value.length);
        for (let nth = 0; nth < value.length; nth++) write(value[nth], depth + 1);
      } else {
        writeMap(value, depth);
      }
      return;
  }
  tape[end++] = 7;
}

function writeMap(map, depth) {
  const keys = Object.keys(map);
  let size = keys.length;
  for (let nth = 0; nth < keys.length; nth++) if (map[keys[nth]] === undefined) size--;
  tape[end++] = 6;
  writeSize(size);
  for (let nth = 0; nth < keys.length; nth++) {
    const value = map[keys[nth]];
    if (value === undefined) continue;
    writeText(keys[nth]);
    write(value, depth + 1);
  }
}

function writeText(text) {
  const { length } = text;
  reserve(length * 3 + 10);
  const start = end;
  writeSize(length);
  for (let nth = 0; nth < length; nth++) {
    const unit = text.charCodeAt(nth);
    if (unit > 127) {
      end = start;
      const bytes = encoder.encode(text);
      writeSize(bytes.length);
      tape.set(bytes, end);
      end += bytes.length;
      return;
    }
    tape[end++] = unit;
  }
}

function writeSize(size) {
  reserve(5);
  for (; size > 127; size >>>= 7) tape[end++] = (size & 127) | 128;
  tape[end++] = size;
}

function reserve(bytes) {
  if (end + bytes <= tape.length) return;
  const longer = new Uint8Array(2 * (end + bytes));
  longer.set(tape.subarray(0, end));
  tape = longer;
}
