/** What a source of secrets that is not a file receives. */
import type { StreamExaminer } from '../../files/stream-examiner.ts';
import type { KnownPlace } from '../../findings/finding-store.ts';
import type { FileFindings } from '../../findings/findings-by-file.ts';
import type { CoverageRecorder } from '../../model/coverage.ts';

export interface SourceContext {
  readonly examiner: StreamExaminer;
  readonly coverage: CoverageRecorder;
  readonly redact: (text: string) => string;
  /** True for what the administrator excludes. */
  readonly isExcluded: (place: string) => boolean;
  readonly isCancelled: () => boolean;
  /** Aborted when the run must end. */
  readonly signal: AbortSignal;
  /** The places of this source where something is known. */
  readonly known: readonly KnownPlace[];
  /** The run's start: milliseconds since 1970. */
  readonly now: number;
  /** Called for each place with findings, and for each known place where nothing is found any more. */
  readonly onFound: (found: FileFindings) => void;
}
