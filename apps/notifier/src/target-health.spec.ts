import { TargetHealth } from './target-health.js';

let time = 0;
const health = () => new TargetHealth(2, () => time);

it('a target is busy while it has its share of places', () => {
  const targets = health();
  targets.begin('ops');
  expect([targets.busy, targets.isFull]).toEqual([[], false]);
  targets.begin('ops');
  expect([targets.busy, targets.isFull]).toEqual([['ops'], true]);
  targets.end('ops', true);
  expect([targets.busy, targets.isFull]).toEqual([[], false]);
});

it('a silent one rests, is then tried by one call at a time, and is whole again when it answers', () => {
  const targets = health();
  for (let call = 0; call < 3; call += 1) {
    targets.begin('dead');
    targets.end('dead', false);
  }
  expect([targets.busy, targets.isFull]).toEqual([['dead'], false]);
  time += 5_001;
  expect(targets.busy).toEqual([]);
  targets.begin('dead');
  expect(targets.busy).toEqual(['dead']);
  targets.end('dead', true);
  targets.begin('dead');
  expect(targets.busy).toEqual([]);
});
