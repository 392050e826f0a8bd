/** How each package manager lays out a file, and what it keeps about the file. */
import { symlinkSync, utimesSync } from 'node:fs';
import { type PackageTree, sumOf, tar, tgz, zip } from './package-tree.ts';

export interface Layout {
  readonly name: string;
  /** The time of the file counts, not what the list contains. */
  readonly byTime?: true;
  /** What the lookup says. */
  readonly origin: string;
  /** Writes the file, and the lists that show that it is unmodified. The first of these has the sums, or the time. */
  readonly write: (tree: PackageTree, content: string) => { readonly file: string; readonly lists: string[] };
}

/** An archive of more than is unpacked. */
const LARGE = tgz({ 'large-1.2.3/zeros': Buffer.alloc(17_000_000) });
const SEED = '1949cf8c6b5b557f';
const LONG = `lib/${'long-name/'.repeat(12)}key.pem`;

function sha512Path(bytes: Buffer): string {
  const sum = sumOf('sha512', bytes).toString('hex');
  return [sum.slice(0, 2), sum.slice(2, 4), sum.slice(4)].join('/');
}

/** What npm keeps. @param key of the package in the list */
function npm(
  tree: PackageTree,
  entry: Readonly<Record<string, unknown>>,
  key: string,
  archive: Buffer,
): string[] {
  const integrity = `sha512-${sumOf('sha512', archive).toString('base64')}`;
  const packages = { [key]: { version: '1.2.0', integrity, ...entry } };
  return [
    tree.write('app/node_modules/.package-lock.json', JSON.stringify({ packages })),
    tree.write(`.npm/_cacache/content-v2/sha512/${sha512Path(archive)}`, archive),
  ];
}

function yarnCopy(tree: PackageTree, copy: string, content: string): string[] {
  const resolved = '    "resolved": "https://registry.yarnpkg.com/acme/-/acme-1.2.0.tgz",';
  return [
    tree.write(`${copy}/.yarn-tarball.tgz`, tgz({ 'package/key.pem': content })),
    tree.write(`${copy}/.yarn-metadata.json`, `{\n  "remote": {\n${resolved}\n  }\n}`),
  ];
}

const yarnName = `npm-acme-1.2.0-${'ab'.repeat(20)}-integrity`;
const registry = 'https://registry.npmjs.org/';

/** Each as its manager does it. */
export const layouts: readonly Layout[] = [
  {
    name: 'pip',
    origin: 'acme 1.2',
    write: (tree, content) => {
      const packages = 'lib/python3.12/site-packages';
      const record = `acme/__init__.py,,\nacme/key.pem,sha256=${sumOf('sha256', content).toString('base64url')},5\n`;
      return {
        file: tree.write(`${packages}/acme/key.pem`, content),
        lists: [tree.write(`${packages}/acme-1.2.dist-info/RECORD`, record)],
      };
    },
  },
  {
    name: 'Go',
    origin: 'github.com/Acme/tool v1.2.3',
    write: (tree, content) => {
      const [cache, folder] = ['go/pkg/mod', 'github.com/!acme/tool'];
      const archive = zip('github.com/Acme/tool@v1.2.3/a/key.pem', content);
      return {
        file: tree.write(`${cache}/${folder}@v1.2.3/a/key.pem`, content),
        lists: [tree.write(`${cache}/cache/download/${folder}/@v/v1.2.3.zip`, archive)],
      };
    },
  },
  ...[`index.crates.io-${SEED}`, 'github.com-1ecc6299db9ec823'].map((index) => ({
    name: `cargo, ${index}`,
    origin: 'acme-tool 1.2.3-rc.1',
    write: (tree: PackageTree, content: string) => ({
      file: tree.write(`.cargo/registry/src/${index}/acme-tool-1.2.3-rc.1/${LONG}`, content),
      lists: [
        tree.write(
          `.cargo/registry/cache/${index}/acme-tool-1.2.3-rc.1.crate`,
          tgz({ 'acme-tool-1.2.3-rc.1/Cargo.toml': '', [`acme-tool-1.2.3-rc.1/${LONG}`]: content }),
        ),
      ],
    }),
  })),
  {
    name: 'cargo, a crate that is too large',
    origin: 'large 1.2.3',
    byTime: true,
    write: (tree, content) => {
      const index = `index.crates.io-${SEED}`;
      const file = tree.write(`.cargo/registry/src/${index}/large-1.2.3/key.pem`, content);
      const time = new Date('2006-07-24T01:21:28Z');
      utimesSync(file, time, time);
      return { file, lists: [tree.write(`.cargo/registry/cache/${index}/large-1.2.3.crate`, LARGE)] };
    },
  },
  {
    name: 'cargo vendor',
    origin: 'acme 1.2.3',
    write: (tree, content) => {
      const files = { 'tests/key.pem': sumOf('sha256', content).toString('hex') };
      tree.write('app/vendor/acme/Cargo.toml', '[package]\nname = "acme"\nversion = "1.2.3"\n');
      return {
        file: tree.write('app/vendor/acme/tests/key.pem', content),
        lists: [
          tree.write(
            'app/vendor/acme/.cargo-checksum.json',
            JSON.stringify({ files, package: 'ab'.repeat(32) }),
          ),
        ],
      };
    },
  },
  {
    name: 'npm',
    origin: '@acme/tool 1.2.0',
    write: (tree, content) => {
      const archive = tgz({ 'package/test/key.pem': content });
      const key = 'node_modules/@acme/tool';
      return {
        file: tree.write('app/node_modules/@acme/tool/test/key.pem', content),
        lists: npm(tree, { resolved: `${registry}@acme/tool/-/tool-1.2.0.tgz` }, key, archive),
      };
    },
  },
  {
    name: 'npm, bundled',
    origin: 'outer 1.2.0',
    write: (tree, content) => {
      const archive = tgz({ 'package/node_modules/inner/key.pem': content });
      return {
        file: tree.write('app/node_modules/outer/node_modules/inner/key.pem', content),
        lists: npm(tree, { resolved: `${registry}outer/-/outer-1.2.0.tgz` }, 'node_modules/outer', archive),
      };
    },
  },
  {
    name: 'pnpm',
    origin: '@acme/tool 1.2.0',
    write: (tree, content) => {
      const sum = sumOf('sha512', content).toString('hex');
      const settings = { registries: { default: registry }, storeDir: `${tree.root}/store/v10` };
      const folder = 'app/node_modules/.pnpm/@acme+tool@1.2.0_react@18.0.0/node_modules/@acme/tool';
      return {
        file: tree.write(`${folder}/key.pem`, content),
        lists: [
          tree.write('app/node_modules/.modules.yaml', JSON.stringify(settings, null, 2)),
          tree.write(`store/v10/files/${sum.slice(0, 2)}/${sum.slice(2)}`, content),
        ],
      };
    },
  },
  {
    name: 'pnpm, older',
    origin: 'acme 1.2.0',
    write: (tree, content) => {
      const sum = sumOf('sha512', content).toString('hex');
      const settings = `registries:\n  default: ${registry}\nstoreDir: ${tree.root}/store/v3\n`;
      return {
        file: tree.write('app/node_modules/.pnpm/acme@1.2.0/node_modules/acme/run', content),
        lists: [
          tree.write('app/node_modules/.modules.yaml', settings),
          tree.write(`store/v3/files/${sum.slice(0, 2)}/${sum.slice(2)}-exec`, content),
        ],
      };
    },
  },
  {
    name: 'Yarn, cache',
    origin: 'acme 1.2.0',
    write: (tree, content) => {
      const copy = `.cache/yarn/v6/${yarnName}/node_modules/acme`;
      return { file: tree.write(`${copy}/key.pem`, content), lists: yarnCopy(tree, copy, content) };
    },
  },
  {
    name: 'Yarn, installed',
    origin: 'acme 1.2.0',
    write: (tree, content) => {
      const url = `https://registry.yarnpkg.com/acme/-/acme-1.2.0.tgz#${'ab'.repeat(20)}`;
      const list = JSON.stringify({ lockfileEntries: { 'acme@^1.0.0': url } });
      return {
        file: tree.write('app/node_modules/acme/key.pem', content),
        lists: [
          ...yarnCopy(tree, `.cache/yarn/v6/${yarnName}/node_modules/acme`, content),
          tree.write('app/node_modules/.yarn-integrity', list),
        ],
      };
    },
  },
  {
    name: 'Maven',
    origin: 'org.acme:tool 1.2',
    write: (tree, content) => {
      const folder = '.m2/repository/org/acme/tool/1.2';
      return {
        file: tree.write(`${folder}/tool-1.2.pom`, content),
        lists: [
          tree.write(
            `${folder}/tool-1.2.pom.sha1`,
            `${sumOf('sha1', content).toString('hex')}  tool-1.2.pom\n`,
          ),
          tree.write(`${folder}/_remote.repositories`, '#NOTE\ntool-1.2.pom>central=\n'),
        ],
      };
    },
  },
  {
    name: 'NuGet',
    origin: 'acme.tool 1.2.0',
    write: (tree, content) => {
      const folder = '.nuget/packages/acme.tool/1.2.0';
      const source = { version: 2, source: 'https://api.nuget.org/v3/index.json' };
      return {
        file: tree.write(`${folder}/content/key.pem`, content),
        lists: [
          tree.write(`${folder}/acme.tool.1.2.0.nupkg`, zip('content/key.pem', content)),
          tree.write(`${folder}/.nupkg.metadata`, JSON.stringify(source)),
        ],
      };
    },
  },
  {
    name: 'Homebrew',
    origin: 'acme 1.2.0',
    write: (tree, content) => {
      const archive = tree.write(
        '.cache/Homebrew/downloads/0a1b--acme--1.2.0.bottle.tar.gz',
        tgz({ 'acme/1.2.0/share/key.pem': content }),
      );
      symlinkSync('downloads/0a1b--acme--1.2.0.bottle.tar.gz', `${tree.root}/.cache/Homebrew/acme--1.2.0`);
      return { file: tree.write('brew/Cellar/acme/1.2.0/share/key.pem', content), lists: [archive] };
    },
  },
  {
    name: 'Gradle',
    origin: 'org.acme:tool 1.2',
    write: (tree, content) => {
      const sum = sumOf('sha1', content).toString('hex').replace(/^0+/, '');
      const folder = `.gradle/caches/modules-2/files-2.1/org.acme/tool/1.2/${sum}`;
      return { file: tree.write(`${folder}/tool-1.2.pom`, content), lists: [] };
    },
  },
  {
    name: 'pnpm, store',
    origin: 'pnpm-store v10',
    write: (tree, content) => {
      const sum = sumOf('sha512', content).toString('hex');
      return { file: tree.write(`store/v10/files/${sum.slice(0, 2)}/${sum.slice(2)}`, content), lists: [] };
    },
  },
  {
    name: 'RubyGems',
    origin: 'acme 1.2.0',
    write: (tree, content) => ({
      file: tree.write('ruby/3.3.0/gems/acme-1.2.0/test/key.pem', content),
      lists: [
        tree.write(
          'ruby/3.3.0/cache/acme-1.2.0.gem',
          tar({ 'metadata.gz': '', 'data.tar.gz': tgz({ 'test/key.pem': content }) }),
        ),
      ],
    }),
  },
  ...['  ', ''].map((indent) => ({
    name: `conda, ${indent === '' ? 'compact' : 'indented'}`,
    origin: 'acme-tool 1.2',
    write: (tree: PackageTree, content: string) => {
      const entry = {
        _path: 'share/acme/key.pem',
        sha256: 'ab'.repeat(32),
        sha256_in_prefix: sumOf('sha256', content).toString('hex'),
      };
      tree.write('conda/conda-meta/history', '');
      return {
        file: tree.write('conda/share/acme/key.pem', content),
        lists: [
          tree.write(
            'conda/conda-meta/acme-tool-1.2-h123_0.json',
            JSON.stringify({ paths_data: { paths: [{ _path: 'a' }, entry] } }, null, indent),
          ),
        ],
      };
    },
  })),
  {
    name: 'conda, cache',
    origin: 'acme-tool 1.2',
    write: (tree, content) => {
      const paths = [{ _path: 'share/key.pem', sha256: sumOf('sha256', content).toString('hex') }];
      return {
        file: tree.write('conda/pkgs/acme-tool-1.2-h123_0/share/key.pem', content),
        lists: [tree.write('conda/pkgs/acme-tool-1.2-h123_0/info/paths.json', JSON.stringify({ paths }))],
      };
    },
  },
  {
    name: 'Rust',
    origin: 'rust stable',
    write: (tree, content) => {
      const toolchain = '.rustup/toolchains/stable';
      const file = tree.write(`${toolchain}/share/doc/rust/html/key.html`, content);
      return {
        file,
        lists: [
          tree.write(`${toolchain}/lib/rustlib/manifest-rust-docs`, 'file:bin/x\ndir:share/doc/rust/html\n'),
        ],
      };
    },
  },
  {
    name: 'Python',
    origin: 'python 3.12',
    byTime: true,
    write: (tree, content) => {
      const file = tree.write('lib/python3.12/test/certdata/key.pem', content);
      return { file, lists: [tree.write('lib/python3.12/LICENSE.txt', 'x')] };
    },
  },
  {
    name: 'Go, installation',
    origin: 'go 1.26.8',
    write: (tree, content) => {
      const file = tree.write('go/src/crypto/tls/testdata/key.pem', content);
      const time = '2026-08-28T16:20:06Z';
      utimesSync(file, new Date(time), new Date(time));
      return { file, lists: [tree.write('go/VERSION', `go1.26.8\ntime ${time}\n`)] };
    },
  },
];
