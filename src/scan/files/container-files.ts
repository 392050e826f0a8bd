/** Opens containers that are files of this machine: their gaps are those of the file's owner, and their findings name the file. */
import type { FileStatus, FileSystem } from '../../host/platform/index.ts';
import type { ContainerBytes } from '../containers/container.ts';
import type { Format } from '../containers/formats.ts';
import type { Detection } from '../detect/candidate.ts';
import type { GapReason } from '../model/coverage.ts';
import { joinInner } from '../model/location.ts';
import { ContainerScanner, type ContainerScannerOptions } from './container-scanner.ts';

export interface ContainerFilesOptions extends ContainerScannerOptions {
  readonly fs: FileSystem;
  readonly onDetection: (path: string, detection: Detection) => void;
  /** The place inside as it may be stored: see `Places`. */
  readonly placeOf?: ((inside: string) => string) | undefined;
}

interface ContainerFile {
  readonly path: string;
  readonly format: Format;
  readonly descriptor: number;
  readonly status: FileStatus;
}

export class ContainerFiles {
  readonly #options: ContainerFilesOptions;
  readonly #scanner: ContainerScanner;

  constructor(options: ContainerFilesOptions) {
    this.#options = options;
    this.#scanner = new ContainerScanner(options);
  }

  /** True for a format that this run opens. */
  opens(format: Format): boolean {
    return this.#scanner.opens(format);
  }

  /**
   * Scans everything in the file. What cannot be read becomes a gap.
   * @returns the places inside that were not read to their end; undefined when the file itself was not
   */
  async scan({ path, format, descriptor, status }: ContainerFile): Promise<readonly string[] | undefined> {
    const { coverage, onDetection, placeOf = (inside) => inside } = this.#options;
    const unread = new Set<string>();
    let isWhole = true;
    await this.#scanner.scan({
      format,
      path,
      content: { kind: 'bytes', bytes: this.#bytesOf(descriptor, status) },
      size: status.size,
      onDetection: (inside, detection) => onDetection(path, { ...detection, inside: placeOf(inside) }),
      onGap: (inside: string | undefined, reason: GapReason) => {
        coverage.gap(joinInner(path, inside), reason, status);
        if (inside === undefined) isWhole = false;
        else unread.add(placeOf(inside));
      },
    });
    return isWhole ? [...unread] : undefined;
  }

  #bytesOf(descriptor: number, { size }: FileStatus): ContainerBytes {
    const { fs, coverage } = this.#options;
    return {
      size,
      read: (target, offset, length, position) => {
        const count = fs.read(descriptor, target, offset, length, position);
        coverage.bytes += count;
        return count;
      },
    };
  }
}
