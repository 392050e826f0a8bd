/**
 * Mounts: which file systems hold files of this machine. Below a root, only those are entered whose content is local and which
 * the kernel itself serves; the others may download, may never answer, or hold no user's files. A file system that is not known
 * to be local counts as foreign.
 *
 * - Linux: `/proc/self/mountinfo` (proc(5)), read again once a second, and the device of each folder that is opened.
 * - macOS has no such table: a folder on another device than its root is entered if its file system is of the type of `/`
 *   or HFS+.
 * - Windows: a volume that is mounted at a folder is a local one. Drive letters and shares lie below no root but their own.
 */
import type { Platform } from './platform.ts';

/** Why a mount below a root is not entered. */
export type ForeignMount = 'pseudo-file-system' | 'network-file-system' | 'unknown-file-system';

export interface Mount {
  readonly path: string;
  /** As the kernel names it: `ext4`, `fuse.sshfs` ... */
  readonly type: string;
  /** Undefined for a local one. */
  readonly foreign: ForeignMount | undefined;
}

/** File systems without stored files (Linux, `Documentation/filesystems`). `autofs` mounts whatever is accessed below it. */
const pseudoTypes =
  typeSet(`autofs binder binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl
  hugetlbfs mqueue nsfs proc pstore resctrl rpc_pipefs securityfs selinuxfs smackfs sysfs tracefs`);
const networkTypes =
  typeSet(`nfs nfs4 cifs smb3 smbfs afs ceph 9p ncpfs coda lustre beegfs gpfs orangefs pvfs2 virtiofs vboxsf
  fuse.sshfs fuse.rclone fuse.glusterfs fuse.ceph fuse.s3fs fuse.gcsfuse fuse.davfs`);
/**
 * Content on a disk or in the memory of this machine, served by the kernel. Not here: FUSE, `fuseblk` too, since a process
 * serves it and may not answer; cluster file systems (`gfs2`, `ocfs2`), which wait for other machines.
 */
const localTypes =
  typeSet(`apfs aufs bcachefs btrfs cramfs ecryptfs erofs exfat ext2 ext3 ext4 f2fs hfs hfsplus iso9660 jffs2 jfs
  minix msdos nilfs2 ntfs ntfs3 overlay ramfs reiser4 reiserfs romfs rootfs squashfs tmpfs ubifs udf ufs vfat xfs zfs`);
/** One mount has several devices: subvolumes of btrfs, and layers below an overlay. */
const manyDevices = typeSet('aufs bcachefs btrfs overlay');
/**
 * The size of a folder tells how many entries it has at most: 12 bytes each, 20 in tmpfs, two for each byte of a name in btrfs.
 */
const sizedFolders = typeSet('btrfs ext2 ext3 ext4 tmpfs xfs');

/** `<sys/mount.h>` of macOS: the number of HFS+, which `statfs` gives. */
const MACOS_HFS = 0x17;
/** Milliseconds between two reads of the table. */
const REFRESH_INTERVAL_MS = 1000;

function typeSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

/** For one thread. */
export class MountTable {
  readonly #platform: Platform;
  #text = '';
  #mounts: ReadonlyMap<string, Mount> = new Map();
  /** Folders in which something is mounted. */
  #parents: ReadonlySet<string> = new Set();
  #devices: ReadonlyMap<number, Mount> = new Map();
  /** Characters of the longest path at which something is mounted. */
  #longest = 0;
  /** Devices that are not in the table, and why they are not entered. */
  readonly #others = new Map<number, ForeignMount | undefined>();
  #readAt = -Infinity;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.refresh();
  }

  /** Reads the table again if that is due. Cheap enough for each folder. */
  refresh(isDue = this.#platform.clock.monotonic() - this.#readAt >= REFRESH_INTERVAL_MS): void {
    if (!isDue || this.#platform.os !== 'linux') return;
    this.#readAt = this.#platform.clock.monotonic();
    let text: string;
    try {
      text = this.#platform.fs.readText('/proc/self/mountinfo');
    } catch {
      return;
    }
    if (text === this.#text) return;
    this.#text = text;
    const mounts = text.split('\n').flatMap(mountOf);
    this.#mounts = new Map(mounts.map(({ mount }) => [mount.path, mount]));
    this.#parents = new Set(mounts.map(({ mount }) => this.#platform.path.dirname(mount.path)));
    this.#devices = new Map(mounts.map(({ device, mount }) => [device, mount]));
    this.#longest = mounts.reduce((most, { mount }) => Math.max(most, mount.path.length), 0);
    this.#others.clear();
  }

  /** All mounts, the one that counts for each path. */
  all(): Iterable<Mount> {
    return this.#mounts.values();
  }

  /** Why the mount at exactly this path is not entered; undefined for a local one, and where nothing is mounted. */
  foreignAt(path: string): ForeignMount | undefined {
    return this.#mounts.get(path)?.foreign;
  }

  /** True when something may be mounted at an entry of this folder. */
  hasMountsIn(folder: string): boolean {
    return this.#parents.has(folder);
  }

  /** The mount that a path lies on, by the table alone: nothing is accessed. */
  mountOf(path: string): Mount | undefined {
    const { path: paths } = this.#platform;
    if (this.#longest === 0) return undefined;
    // A path of a thousand folders costs no more than the deepest mount.
    const cut = path.length > this.#longest ? path.lastIndexOf(paths.sep, this.#longest) : path.length;
    for (let place = path.slice(0, Math.max(cut, 1)); ; place = paths.dirname(place)) {
      const mount = this.#mounts.get(place);
      if (mount !== undefined || paths.dirname(place) === place) return mount;
    }
  }

  /** True for a path that can be accessed without waiting for another machine or a process. Decided by the table alone. */
  isLocal(path: string): boolean {
    return this.mountOf(path)?.foreign === undefined;
  }

  /** True when the size of a folder on this device tells how many entries it may have. */
  hasSizedFolders(device: number): boolean {
    const type = this.#devices.get(device)?.type;
    return type !== undefined && sizedFolders.has(type);
  }

  /**
   * Why what was opened is not to be read: it is on another device than its root.
   * @param path where it was opened, without links
   */
  foreignDevice(device: number, path: string): ForeignMount | undefined {
    const known = this.#devices.get(device);
    if (known !== undefined) return known.foreign;
    if (!this.#others.has(device)) {
      this.refresh(true);
      const mounted = this.#devices.get(device);
      if (mounted !== undefined) return mounted.foreign;
      this.#others.set(device, this.#isOwnDevice(path) ? undefined : 'unknown-file-system');
    }
    return this.#others.get(device);
  }

  /** A device that is in no table. */
  #isOwnDevice(path: string): boolean {
    const { os, fs } = this.#platform;
    if (os === 'windows') return true;
    if (os === 'linux') return manyDevices.has(this.mountOf(path)?.type ?? '');
    try {
      const type = fs.typeAt(path);
      return type === MACOS_HFS || type === fs.typeAt('/');
    } catch {
      return false;
    }
  }
}

/** A line of the table: `id parent major:minor root mount-point options ... - type source options`. */
function mountOf(line: string): { readonly device: number; readonly mount: Mount }[] {
  const [before = '', after = ''] = line.split(' - ');
  const type = after.split(' ')[0] ?? '';
  const [, , device = '', , point] = before.split(' ');
  if (point === undefined) return [];
  const path = point.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return [{ device: deviceNumber(device), mount: { path, type, foreign: foreignType(type, path) } }];
}

function foreignType(type: string, path: string): ForeignMount | undefined {
  if (pseudoTypes.has(type)) return 'pseudo-file-system';
  // The machine itself runs from it, whatever its type: FUSE in a container, NFS on a diskless machine.
  if (path === '/' || localTypes.has(type)) return undefined;
  return networkTypes.has(type) ? 'network-file-system' : 'unknown-file-system';
}

/** `major:minor` as `st_dev` has it (makedev(3)). */
function deviceNumber(text: string): number {
  const [major = 0, minor = 0] = text.split(':').map(Number);
  return (
    Math.floor(major / 0x1000) * 2 ** 44 +
    (major & 0xfff) * 2 ** 8 +
    Math.floor(minor / 0x100) * 2 ** 20 +
    (minor & 0xff)
  );
}
