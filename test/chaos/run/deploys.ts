import { makeBuild } from '../builds/make-build';
import { deploy, type Fault } from '../faults';

/** From the build that runs to another of the same version, and back: stop, start, on the same data, under load. */
export const deploys = (build: string): readonly Fault[] => [
  deploy('plain build', makeBuild({ name: 'plain' })),
  deploy('chaos build', build),
];
