const bytesInLine = 16;

/** Offset, bytes, and the bytes as ASCII, like `hexdump -C`. */
export function hexDump(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += bytesInLine) {
    const part = bytes.subarray(at, at + bytesInLine);
    const hex = part
      .toString('hex')
      .replace(/../g, '$& ')
      .padEnd(bytesInLine * 3);
    const text = part.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex} ${text}`);
  }
  return lines;
}
