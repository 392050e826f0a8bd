/** The bill of materials: npm's own, in CycloneDX, without what differs between two runs of it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };

const Bom = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({
    tools: z.array(z.looseObject({ name: z.string() })),
    component: z.looseObject({ name: z.string() }),
  }),
  components: z.array(z.looseObject({ name: z.string(), version: z.string() })).min(1),
});

/** What the lock file says is needed at run time, the Node of each target included. */
export function billOfMaterials(time: Date): string {
  const arguments_ = ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only'];
  const npm = execFileSync('npm', arguments_, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const bom = Bom.parse(JSON.parse(npm));
  const { metadata } = bom;
  const fixed = {
    ...bom,
    serialNumber: undefined,
    metadata: {
      ...metadata,
      timestamp: time.toISOString(),
      // The version of the builder's npm; the lock file, not npm, decides what is listed.
      tools: metadata.tools.map((tool) => ({ ...tool, version: undefined })),
      // npm takes the folder's name.
      component: { ...metadata.component, type: 'application', name: manifest.name },
    },
  };
  return `${JSON.stringify({ ...fixed, serialNumber: serialNumber(JSON.stringify(fixed)) }, null, 2)}\n`;
}

/** A UUID made of the content's hash (RFC 9562, version 8). */
function serialNumber(content: string): string {
  const hash = createHash('sha256').update(content).digest('hex');
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`];
  return `urn:uuid:${parts.join('-')}-${hash.slice(20, 32)}`;
}
