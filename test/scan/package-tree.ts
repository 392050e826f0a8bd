/** A folder in which tests lay out packages as their managers do. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { type Platform, hostPlatform } from '../../src/host/platform/index.ts';

export class PackageTree {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'packages-')));

  write(path: string, content: string | Buffer): string {
    const place = join(this.root, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
    return place;
  }

  /** This machine, with the user's home in the folder. */
  get platform(): Platform {
    const platform = hostPlatform({});
    const passwd = [0, process.getuid?.() ?? 0, OTHER_USER].map(
      (uid) => `u${uid}:x:${uid}:0::${this.root}:/bin/sh\n`,
    );
    const readText = (path: string) =>
      path === '/etc/passwd' ? passwd.join('') : platform.fs.readText(path);
    return { ...platform, fs: { ...platform.fs, readText } };
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** A user that the machine does not know. */
export const OTHER_USER = 23_456;

/** The sum of a text. */
export function sumOf(algorithm: string, text: string | Buffer): Buffer {
  return createHash(algorithm).update(text).digest();
}

/** A ZIP archive of one file that is stored as it is, as far as its directory. */
export function zip(name: string, content: string): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(crc32(content), 16);
  entry.writeUInt32LE(content.length, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(content.length, 16);
  return Buffer.concat([Buffer.from(content), entry, Buffer.from(name), end]);
}

/** A tar archive of files. */
export function tar(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) =>
    name.length > 99
      ? [...member('x', 'pax', `${name.length + 10} path=${name}\n`), ...member('0', 'long', content)]
      : member('0', name, content),
  );
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** A tar archive, compressed. */
export function tgz(files: Readonly<Record<string, string | Buffer>>): Buffer {
  return gzipSync(tar(files));
}

function member(type: string, name: string, content: string | Buffer): Buffer[] {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(bytes.length.toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  header.write('ustar', 257);
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}
