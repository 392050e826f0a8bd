/** The bill of materials (CycloneDX): the packages that are in the executables, and the Node of each. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { PROJECT, type PackageGraph, foldersIn } from '../bundle.ts';
import { type Locked, lockedPackage } from '../stock-node.ts';
import type { Target } from '../targets.ts';
import { taskBuild } from '../task.ts';
import { releaseName } from './manifest.ts';

const Package = z.looseObject({ name: z.string(), version: z.string() });

// `npm run supply-chain` has checked that each licence is a valid expression.
const licences = new Contrib.License.Factories.LicenseFactory(() => undefined);
const { Builders, Factories, Utils } = Contrib.FromNodePackageJson;
const builder = new Builders.ComponentBuilder(new Factories.ExternalReferenceFactory(), licences);
const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));

export interface Materials {
  readonly packages: PackageGraph;
  /** The released targets, each with its own Node. */
  readonly targets: readonly Target[];
}

/** The same text for the same materials. @param time that it contains */
export function billOfMaterials({ packages, targets }: Materials, time: Date): string {
  const bom = new Models.Bom();
  const { description } = taskBuild;
  const root = describe({ ...manifest, name: releaseName, description }, Enums.ComponentType.Application);
  bom.metadata.component = root;
  bom.metadata.timestamp = time;
  bom.metadata.lifecycles.add(Enums.LifecyclePhase.Build);

  for (const { nodePackage } of targets) {
    const locked = lockedPackage(nodePackage);
    const node = describe({ name: nodePackage, ...locked }, Enums.ComponentType.Platform, locked);
    bom.components.add(node);
    root.dependencies.add(node.bomRef);
  }
  // A package may be in several folders.
  const byReference = new Map<string, Models.Component>();
  const inFolder = new Map([[PROJECT, root]]);
  for (const folder of foldersIn(packages)) {
    const content = Package.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    const reference = referenceTo(content);
    const locked = lockedPackage(folder.replace(/^node_modules\//, ''));
    const component = byReference.get(reference) ?? describe(content, Enums.ComponentType.Library, locked);
    byReference.set(reference, component);
    inFolder.set(folder, component);
    bom.components.add(component);
  }
  for (const [folder, imports] of packages) {
    for (const imported of imports) {
      const component = inFolder.get(imported);
      if (component !== undefined) inFolder.get(folder)?.dependencies.add(component.bomRef);
    }
  }

  const options = { sortLists: true, space: 2 };
  bom.serialNumber = serialNumber(serializer.serialize(bom, options));
  return `${serializer.serialize(bom, options)}\n`;
}

interface Described {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
}

function referenceTo({ name, version }: Described): string {
  return `${name}@${version}`;
}

/** @param locked undefined for what does not come from the registry */
function describe(content: Described, type: Enums.ComponentType, locked?: Locked): Models.Component {
  const { name, version } = content;
  const component = builder.makeComponent(content, type);
  if (component === undefined) throw new Error(`${name} is not the name of a package`);
  component.bomRef.value = referenceTo(content);
  if (locked === undefined) return component;
  component.purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  component.hashes.set(...Utils.parsePackageIntegrity(locked.integrity));
  return component;
}

/** A UUID derived from the content's hash (RFC 9562, version 8). */
function serialNumber(content: string): string {
  const hash = createHash('sha256').update(content).digest('hex');
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`];
  return `urn:uuid:${parts.join('-')}-${hash.slice(20, 32)}`;
}
