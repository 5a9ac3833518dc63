import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Driver, startDriver } from '../driver';
import { type Consoles, startConsoles } from '../driver/consoles';
import { signIn } from '../driver/sign-in';
import type { World } from '../faults';
import { randomFor } from '../history/random';
import { Recorder } from '../history/recorder';
import { watchHost } from '../history/watch-host';
import { makeScene, resolveIds, writeScene } from '../scene';
import type { Scene, ScenePerson, Setting } from '../scene/shapes';
import { startServers } from '../servers/servers';
import { startSystem } from '../servers/system';
import { type Sinks, sinkSettings, startSinks } from '../sinks';

export interface StageOptions {
  readonly seed: number;
  /** Of this run alone. */
  readonly folder: string;
  /** Folder of the build that is tried. */
  readonly build: string;
  readonly perSecond: number;
  readonly consoles: number;
  readonly observed: number;
  readonly setting?: Setting;
  readonly people?: { readonly playsPerSecond: number; readonly races: number };
  /** PostgreSQL on a disk of so many MB, which can run full. */
  readonly smallDiskMb?: number;
  readonly say: (text: string) => void;
}

/** Everything of one run, up and connected. */
export interface Stage {
  readonly run: string;
  readonly world: World;
  readonly scene: Scene;
  readonly sinks: Sinks;
  readonly driver: Driver;
  readonly consoles: Consoles;
  readonly recorder: Recorder;
  /** In the order in which it was begun, backwards. */
  strike(): Promise<void>;
}

/** Servers, the system of the given build, fake providers, the driver and its consoles. Nothing is sent yet. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { seed, folder, build, say, perSecond, observed, setting, people } = options;
  const run = randomUUID();
  mkdirSync(join(folder, 'history'), { recursive: true });
  const undo: (() => unknown)[] = [];
  const strike = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const kept = async <T extends { stop(): unknown }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    undo.push(() => one.stop());
    return one;
  };
  try {
    const file = join(folder, 'history/conductor.ndjson');
    const recorder = new Recorder({ run, rec: 'conductor', file, watchesLag: false });
    undo.push(() => recorder.close());
    const host = watchHost(recorder);
    undo.push(() => host.stop());
    const sinks = await kept(startSinks({ run, folder, seed }));
    const drawn = makeScene(seed, setting);
    writeScene(drawn, join(folder, 'config'), sinks);
    const { smallDiskMb } = options;
    const servers = await kept(
      startServers({
        folder: join(folder, 'servers'),
        clockFile: join(folder, 'clock-postgres'),
        ...(smallDiskMb === undefined ? {} : { smallDiskMb }),
      }),
    );
    const system = await kept(
      startSystem({
        build,
        dataDir: join(folder, 'system'),
        databaseUrl: servers.databaseUrl,
        redisUrl: servers.redisUrl,
        configDir: join(folder, 'config'),
        clockFile: join(folder, 'clock-system'),
        env: sinkSettings(sinks),
      }),
    );
    const { firstRun } = system;
    const { gateway, intake } = system.urls;
    const { token } = await signIn(gateway, firstRun, whoSeesAll(drawn));
    const scene = await resolveIds(drawn, gateway, token);
    await sinks.receiptsTo(gateway);
    const common = { run, folder, seed, scene, gateway, firstRun };
    const consoles = await kept(startConsoles({ ...common, count: options.consoles, observed }));
    const driver = await kept(startDriver({ ...common, ...people, intake, perSecond, pushUrl: sinks.pushUrl }));
    const world: World = { servers, system, random: randomFor(seed, 'world'), log: say };
    return { run, world, scene, sinks, driver, consoles, recorder, strike };
  } catch (error) {
    await strike();
    throw error;
  }
}

/** Somebody who may read everything. */
export function whoSeesAll({ people }: Scene): ScenePerson {
  const one = people.find(({ role, scope }) => role === 'operator' && scope === null);
  if (one === undefined) throw new Error('the scene has nobody who sees all of it');
  return one;
}
