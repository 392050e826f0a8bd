/**
 * The recipe of a container image: Debian with the package of the release, for a user who is not root. It is built in the folder of
 * the release, by podman, buildah or Docker with BuildKit.
 */
import { debNameFor } from './packages/deb.ts';
import type { Facts } from './packages/package-input.ts';

/** Gives the package what it needs, and security updates when the image is built again. */
const BASE = 'docker.io/library/debian:stable-slim';

/** A number that no account of the machine has, as in other images. */
const USER = '65532';

/** @param commit that the release was built from */
export function containerfile(facts: Facts, commit: string): string {
  const { name, program, title, description, version, licence, homepage } = facts;
  const labels = {
    title,
    description,
    version,
    licenses: licence,
    revision: commit,
    ...(homepage !== undefined && { source: homepage }),
  };
  return [
    `# ${title} ${version} as a container image. In the folder of the release:`,
    `#   podman build --tag ${name}:${version} .`,
    `ARG BASE=${BASE}`,
    'FROM ${BASE}',
    'RUN --mount=type=bind,target=/release cd /release \\',
    ` && package="${debNameFor(facts, '$(dpkg --print-architecture)')}" \\`,
    ' && grep "  $package\\$" SHA256SUMS | sha256sum --check --strict \\',
    ' && apt-get update \\',
    ' && apt-get install --yes --no-install-recommends "./$package" \\',
    ' && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*',
    ...Object.entries(labels).map(([key, value]) => `LABEL org.opencontainers.image.${key}=${quoted(value)}`),
    `USER ${USER}:${USER}`,
    `ENTRYPOINT ["/usr/bin/${program}"]`,
    'CMD ["--help"]\n',
  ].join('\n');
}

/** A value in which nothing is replaced. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('$', '\\$');
}
