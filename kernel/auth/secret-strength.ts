/** Secrets that stand in the documentation of widely used software, or once stood in this one's. */
const published = new Set([
  'only-for-this-machine-and-known-to-everybody',
  // FastAPI
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  // RFC 7515
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
]);

/** What examples say in place of a secret. */
const placeholder = new RegExp(
  [
    'change.?(me|this|it)|replace.?(me|this|with)',
    '(my|your|super).{0,9}secret|example|at.least.\\d',
  ].join('|'),
  'i',
);

const fewestCharacters = 8;

/** Whether a secret is a published one, or one that guessing programs try first. */
export function isGuessable(secret: string): boolean {
  if (published.has(secret) || placeholder.test(secret)) return true;
  const isUniform = new Set(secret).size < fewestCharacters;
  return isUniform || repeats(secret) || counts(secret);
}

/** A short text, over and over. */
function repeats(text: string): boolean {
  const periods = Array.from({ length: text.length >> 1 }, (_, at) => at + 1);
  return periods.some((period) => text.startsWith(text.slice(period)));
}

/** The alphabet or the digits, up or down: most characters are neighbours of the one before. */
function counts(text: string): boolean {
  const codes = Array.from(text, (character) => character.charCodeAt(0));
  const near = codes.filter((code, at) => Math.abs(code - (codes[at - 1] ?? Infinity)) <= 1);
  return near.length > (text.length * 2) / 3;
}
