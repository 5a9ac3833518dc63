import { join } from 'node:path';
import { Recorder } from '../history/recorder';
import { Acts } from './acts';
import { serve } from './child';
import type { DriverOptions, DriverStatus } from './index';
import { Load } from './load';
import { planLoad } from './load-plan';
import { Robots } from './robots';
import { signInAll } from './sign-in';
import { subscribePhones } from './subscribe-phones';
import { Submitter } from './submit';

/** The process of the senders and of the people. It is nobody's target. */
let recorder: Recorder;
let load: Load;
let robots: Robots;

serve({
  open: async (options: DriverOptions) => {
    const { run, folder, seed, scene, intake, gateway, firstRun, perSecond, pushUrl } = options;
    recorder = new Recorder({ run, rec: 'driver', file: join(folder, 'history', 'driver.ndjson') });
    const people = await signInAll(gateway, firstRun, scene);
    if (pushUrl !== undefined) await subscribePhones({ gateway, pushUrl, seed, people: [...people.values()] });
    const tokens = new Map(firstRun.sources.map(({ id, token }) => [id, token]));
    const submitter = new Submitter(intake, tokens, recorder);
    load = new Load({ perSecond, plan: planLoad(seed, scene), submit: (one) => submitter.submit(one) });
    const { playsPerSecond = 8, races = 0.15 } = options;
    const acts = new Acts(gateway, recorder);
    robots = new Robots({ seed, gateway, people, acts, playsPerSecond, races });
  },
  begin: (perSecond?: number) => {
    load.run(perSecond);
    robots.begin();
  },
  pause: () => load.pause(),
  end: async (mostMs: number) => {
    robots.close();
    return load.end(mostMs);
  },
  status: (): DriverStatus => ({ ...load.counts, ...robots.counts, open: load.openCount }),
  close: () => {
    robots.close();
    load.pause();
    recorder.close();
  },
});
