/** Which findings come first where not all of them fit. */
import { type Finding, severities } from './finding.ts';

/** The more severe first; of equally severe ones, those in unmodified files of packages last. For `sort`. */
export function mostSevereFirst(a: Finding, b: Finding): number {
  return (
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    Number(a.shippedBy !== undefined) - Number(b.shippedBy !== undefined)
  );
}
