/** Shannon's entropy of bytes, in bits per byte; 0 for none. */
export function entropyOf(bytes: Uint8Array): number {
  const counts = new Map<number, number>();
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) {
    const share = count / bytes.length;
    entropy -= share * Math.log2(share);
  }
  return entropy;
}
