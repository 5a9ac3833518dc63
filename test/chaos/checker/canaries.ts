const word = /[\w-]+/g;
const base64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;

/**
 * Which of `canaries` stand in a text: as they are, in URL form, or within base64 (as mail wraps it). A canary is one
 * word of letters, digits, `_` and `-`.
 */
export function canariesIn(text: string, canaries: ReadonlyMap<string, unknown>): string[] {
  const joined = text.replaceAll(/=\r?\n/g, '');
  const forms = [joined, decoded(joined), ...fromBase64(joined)];
  const found = new Set<string>();
  for (const form of forms) for (const [one] of form.matchAll(word)) if (canaries.has(one)) found.add(one);
  return [...found];
}

function decoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch (error) {
      if (error instanceof URIError) return escaped;
      throw error;
    }
  });
}

function fromBase64(text: string): string[] {
  const unwrapped = text.replaceAll(/([A-Za-z0-9+/]{60,})\r?\n(?=[A-Za-z0-9+/])/g, '$1');
  return [...unwrapped.matchAll(base64)].map(([one]) => Buffer.from(one, 'base64').toString('utf8'));
}
