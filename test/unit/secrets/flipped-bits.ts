/** A copy with one bit turned over. */
export function changed(buffer: Buffer, index: number, mask: number): Buffer {
  const copy = Buffer.from(buffer);
  copy.writeUInt8(copy.readUInt8(index) ^ mask, index);
  return copy;
}

/** Every buffer that differs from this one in a single bit. */
export function flippedBits(buffer: Buffer): Buffer[] {
  return Array.from({ length: buffer.length * 8 }, (_, bit) => changed(buffer, bit >> 3, 1 << (bit & 7)));
}
