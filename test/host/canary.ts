/** A text that no output may repeat, and files that are broken around it. */

export const CANARY = 'c4narY9-Qv8Xz_Lm2Kt7';

/** Shorter parts may stand anywhere by chance. */
const PART = 6;
const parts = Array.from({ length: CANARY.length - PART + 1 }, (_, at) => CANARY.slice(at, at + PART));

/** The parts of the canary that a text has. */
export function canaryParts(text: string): string[] {
  return parts.filter((part) => text.includes(part));
}

/** JSON with a fault, or JSON of another shape than any reader expects. */
export const brokenJson: readonly string[] = [
  CANARY,
  `"${CANARY}`,
  `{"a": ${CANARY}}`,
  `{"${CANARY}" 1}`,
  `{"a": "${CANARY}`,
  `${CANARY}\n{}`,
  `"${CANARY}"`,
  `["${CANARY}"]`,
  `{"${CANARY}": 1}`,
  `{"${CANARY}": {"${CANARY}": "${CANARY}"}}`,
];
