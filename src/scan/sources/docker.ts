/**
 * Containers of Docker and Podman: the configurations, which have the environment, and Podman's secrets. Logs and file systems of containers
 * are left out. Containers of users without privileges are in their homes.
 */
import type { FileSource } from './file-source.ts';

const DOCKER = '/var/lib/docker/containers';
const PODMAN = '/var/lib/containers/storage';

export const docker: FileSource = {
  roots: () => [
    DOCKER,
    `${PODMAN}/overlay-containers`,
    `${PODMAN}/vfs-containers`,
    `${PODMAN}/secrets`,
    // Podman keeps the state of containers in memory here.
    '/run/containers/storage',
  ],
  excludes: [
    `${DOCKER}/*/*-json.log*`,
    `${DOCKER}/*/{container-cached.log,local-logs,checkpoints,mounts}`,
    `${PODMAN}/*-containers/*/userdata/ctr.log*`,
    `${PODMAN}/*-containers/*/userdata/{artifacts,shm}`,
    `/run/containers/storage/*-containers/*/{rootfs,shm}`,
  ],
};
