/** Every form in which a text may have got somewhere: as it is, in a URL, in hex, and in base64 at any offset of the bytes. */
export function needlesOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const inBase64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // The characters at either end also hold bits of what stands beside the text.
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(first, last);
  });
  const urlSafe = inBase64.map((encoded) => encoded.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = bytes.toString('hex');
  const escaped = hex.replace(/../g, '%$&');
  const inUrls = [encodeURIComponent(text), escaped, escaped.toUpperCase()];
  return [...new Set([text, ...inUrls, hex, hex.toUpperCase(), ...inBase64, ...urlSafe])];
}

/** Which of the texts can be found in the haystack, in whatever form. */
export function foundIn(haystack: string, texts: Iterable<string>): string[] {
  return [...texts].filter((text) => needlesOf(text).some((needle) => haystack.includes(needle)));
}
