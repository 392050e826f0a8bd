/**
 * Mounts: which file systems contain files of this machine. Below a root, only file systems are entered whose content is local and that
 * the kernel itself serves. The others may download files, may never answer, or contain no user's files. A file system that is not
 * known to be local counts as foreign.
 *
 * - Linux: `/proc/self/mountinfo` (proc(5)), read again once a second, and the device of each folder that is opened.
 * - macOS has no such table: a folder on another device than its root is entered if its file system has the type of `/` or is HFS+.
 * - Windows: a volume that is mounted at a folder is local. Drive letters and shares are never below another root.
 */
import type { Platform } from './platform.ts';

/** Why a mount below a root is not entered. */
export type ForeignMount = 'pseudo-file-system' | 'network-file-system' | 'unknown-file-system';

export interface Mount {
  readonly path: string;
  /** The kernel's name: `ext4`, `fuse.sshfs` ... */
  readonly type: string;
  /** Undefined for a local one. */
  readonly foreign: ForeignMount | undefined;
}

/** File systems without stored files (Linux, `Documentation/filesystems`). `autofs` mounts what is accessed below it. */
const pseudoTypes =
  typeSet(`autofs binder binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl
  hugetlbfs mqueue nsfs proc pstore resctrl rpc_pipefs securityfs selinuxfs smackfs sysfs tracefs`);
const networkTypes =
  typeSet(`nfs nfs4 cifs smb3 smbfs afs ceph 9p ncpfs coda lustre beegfs gpfs orangefs pvfs2 virtiofs vboxsf
  fuse.sshfs fuse.rclone fuse.glusterfs fuse.ceph fuse.s3fs fuse.gcsfuse fuse.davfs`);
/**
 * Content on a disk or in the memory of this machine, served by the kernel. Not in this list: FUSE, including `fuseblk`, which a process
 * serves that may not answer; cluster file systems (`gfs2`, `ocfs2`), which wait for other machines.
 */
const localTypes =
  typeSet(`apfs aufs bcachefs btrfs cramfs ecryptfs erofs exfat ext2 ext3 ext4 f2fs hfs hfsplus iso9660 jffs2 jfs
  minix msdos nilfs2 ntfs ntfs3 overlay ramfs reiser4 reiserfs romfs rootfs squashfs tmpfs ubifs udf ufs vfat xfs zfs`);
/** One mount has several devices: subvolumes of btrfs, and layers below an overlay. */
const manyDevices = typeSet('aufs bcachefs btrfs overlay');
/**
 * The size of a folder limits its number of entries: 12 bytes each, 20 in tmpfs, two for each byte of a name in btrfs.
 */
const sizedFolders = typeSet('btrfs ext2 ext3 ext4 tmpfs xfs');

/** `<sys/mount.h>` of macOS: the type number of HFS+ in `statfs`. */
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
  /** Folders with an entry that is a mount point. */
  #parents: ReadonlySet<string> = new Set();
  #devices: ReadonlyMap<number, Mount> = new Map();
  /** Characters of the longest mount point. */
  #longest = 0;
  /** Devices that are not in the table, and the reason for not entering them. */
  readonly #others = new Map<number, ForeignMount | undefined>();
  #readAt = -Infinity;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.refresh();
  }

  /** Reads the table again if it is due. Cheap enough to call for each folder. */
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

  /** All mounts: for each path, the one that is visible. */
  all(): Iterable<Mount> {
    return this.#mounts.values();
  }

  /** Why the mount at exactly this path is not entered; undefined for a local mount, and if nothing is mounted there. */
  foreignAt(path: string): ForeignMount | undefined {
    return this.#mounts.get(path)?.foreign;
  }

  /** True if something may be mounted at an entry of this folder. */
  hasMountsIn(folder: string): boolean {
    return this.#parents.has(folder);
  }

  /** The mount that a path is on, according to the table: nothing is accessed. */
  mountOf(path: string): Mount | undefined {
    const { path: paths } = this.#platform;
    if (this.#longest === 0) return undefined;
    // A path of a thousand folders costs no more than the longest mount point.
    const cut = path.length > this.#longest ? path.lastIndexOf(paths.sep, this.#longest) : path.length;
    for (let place = path.slice(0, Math.max(cut, 1)); ; place = paths.dirname(place)) {
      const mount = this.#mounts.get(place);
      if (mount !== undefined || paths.dirname(place) === place) return mount;
    }
  }

  /** True if a path can be accessed without waiting for another machine or a process, according to the table. */
  isLocal(path: string): boolean {
    return this.mountOf(path)?.foreign === undefined;
  }

  /** True if the size of a folder on this device limits its number of entries. */
  hasSizedFolders(device: number): boolean {
    const type = this.#devices.get(device)?.type;
    return type !== undefined && sizedFolders.has(type);
  }

  /**
   * Why an opened file must not be read: it is on another device than its root.
   * @param path of the file, without links
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

  /** For a device that is not in the table. */
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
  // The machine itself runs from it, whatever the type: FUSE in a container, NFS on a diskless machine.
  if (path === '/' || localTypes.has(type)) return undefined;
  return networkTypes.has(type) ? 'network-file-system' : 'unknown-file-system';
}

/** `major:minor` in the form of `st_dev` (makedev(3)). */
function deviceNumber(text: string): number {
  const [major = 0, minor = 0] = text.split(':').map(Number);
  return (
    Math.floor(major / 0x1000) * 2 ** 44 +
    (major & 0xfff) * 2 ** 8 +
    Math.floor(minor / 0x100) * 2 ** 20 +
    (minor & 0xff)
  );
}
