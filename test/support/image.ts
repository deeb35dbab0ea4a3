import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { run, temporaryFolder } from './process.js';
import { usersPath } from './shell.js';

/** The image of the `Dockerfile`, built and unpacked. */
export interface Image {
  /** Folder with the root file system. */
  readonly root: string;
  readonly config: z.infer<typeof imageConfig>;
  /**
   * The command line that runs a program as a container does: with the image's variables and folder, as its account without
   * privileges, and with a root that cannot be written but for /tmp. It shares the network and the processes of this machine.
   */
  commandOf(program: readonly string[], variables: Readonly<Record<string, string>>): string[];
  remove(): Promise<void>;
}

/** Numeric ID of the account `node` in the official image, as which the chart runs pods. */
export const IMAGE_ACCOUNT = 1000;

const imageConfig = z.object({
  Env: z.array(z.string()),
  User: z.string(),
  WorkingDir: z.string(),
  Cmd: z.array(z.string()),
  Healthcheck: z.object({ Test: z.array(z.string()) }),
});

const inspected = z.object({ Docker: z.object({ config: imageConfig }) });

/** Mounts the root of a container read-only, and becomes the program in it. The mounts end with the program. */
const ENTER = `
set -eu
root=$1 account=$2
shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro,nosuid,nodev "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o size=64m,mode=1777 tmpfs "$root/tmp"
exec setpriv --no-new-privs chroot --userspec="$account:$account" --groups= "$root" /usr/bin/env --ignore-environment "$@"
`;

/**
 * Builds the image with Buildah, which needs root and no daemon. Its base is made of this machine's files, because no registry of
 * images may be reachable. npm takes packages from this machine's cache.
 */
export async function buildImage(): Promise<Image> {
  const folder = await temporaryFolder();
  const storage = ['--root', join(folder.path, 'storage'), '--runroot', join(folder.path, 'run')];
  const buildah = async (...args: string[]): Promise<string> => {
    const variables = { PATH: usersPath, HOME: homedir() };
    const { code, stdout, stderr } = await run('buildah', [...storage, ...args], variables);
    if (code !== 0) throw new Error(`buildah ${args.join(' ')}:\n${stdout}${stderr}`);
    return stdout.trim();
  };
  const remove = async () => {
    await buildah('umount', '--all').catch(() => {});
    await folder.remove();
  };
  try {
    const base = join(folder.path, 'base');
    await mkdir(base);
    const script = ['test/walkthroughs/node-image.sh', base, resolve('node_modules/node/bin/node')];
    const made = await run('bash', script, { PATH: usersPath, HOME: homedir() });
    if (made.code !== 0) throw new Error(made.stderr);
    const from = join(folder.path, 'Containerfile');
    await writeFile(from, 'FROM scratch\nCOPY . /\nENV PATH=/usr/local/bin:/usr/bin\n');
    const build = ['build', '--isolation', 'chroot', '--format', 'docker', '--quiet'];
    await buildah(...build, '--tag', 'node-base', '--file', from, base);
    const cache = (await run('npm', ['config', 'get', 'cache'], { HOME: homedir() })).stdout.trim();
    const image = await buildah(
      ...build,
      '--build-arg',
      'NODE_IMAGE=localhost/node-base',
      '--volume',
      `${cache}:/root/.npm`,
      '.',
    );
    const container = await buildah('from', image);
    const root = await buildah('mount', container);
    const { config } = inspected.parse(JSON.parse(await buildah('inspect', '--type', 'image', image))).Docker;
    return {
      root,
      config,
      commandOf: (program, variables) => [
        'unshare',
        '--mount',
        'bash',
        '-c',
        ENTER,
        'enter',
        root,
        String(IMAGE_ACCOUNT),
        `--chdir=${config.WorkingDir}`,
        ...config.Env,
        ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
        ...program,
      ],
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
