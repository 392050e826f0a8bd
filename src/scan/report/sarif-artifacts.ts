/**
 * The artifacts of a SARIF run (3.14.15) that are nested in others (3.24.3): the containers with findings, and in them the entries, whose URIs
 * are relative to their container. Other files need no artifact.
 */
import { type InnerPlace, filePathOf, joinInner, namesInside } from '../model/location.ts';
import { relativeUri } from './file-uri.ts';

/** An `artifactLocation` (3.4) of a file. */
export interface FileLocation {
  readonly uri: string;
  readonly uriBaseId?: string;
}

interface Artifact {
  readonly location: FileLocation;
  readonly parentIndex?: number;
}

export class NestedArtifacts {
  readonly list: Artifact[] = [];
  /** By path. */
  readonly #indices = new Map<string, number>();

  /** @param locationOf the location of a file */
  constructor(places: Iterable<InnerPlace>, locationOf: (path: string) => FileLocation) {
    for (const place of places) {
      if (place.inside === undefined) continue;
      let path = filePathOf(place);
      let parentIndex = this.#indexOf(path, () => ({ location: locationOf(path) }));
      for (const name of namesInside(place)) {
        const artifact = { location: { uri: relativeUri(name) }, parentIndex };
        path = joinInner(path, name);
        parentIndex = this.#indexOf(path, () => artifact);
      }
    }
  }

  /** The location of an entry; undefined for a file. */
  locationOf({ path, inside }: InnerPlace): (FileLocation & { readonly index: number }) | undefined {
    const index = inside === undefined ? undefined : this.#indices.get(path);
    const artifact = index === undefined ? undefined : this.list[index];
    return artifact === undefined || index === undefined ? undefined : { ...artifact.location, index };
  }

  #indexOf(path: string, make: () => Artifact): number {
    const known = this.#indices.get(path);
    if (known !== undefined) return known;
    const index = this.list.push(make()) - 1;
    this.#indices.set(path, index);
    return index;
  }
}
