/** What goals are measured by: the figures of named parts, and of what was caught up. */
import { example } from './example';
import { at, record, type Story } from './example/story';
import { check } from './index';

const part = (name: string, from: number, to: number) => (story: Story) => {
  record(story, at(from), { f: 'phase', ph: 'invoke', phase: 'calm', name });
  record(story, at(to), { f: 'phase', ph: 'ok', phase: 'calm', name });
  record(story, at(to - 0.1), { f: 'converged', ph: 'ok', console: 'desk', ms: 1_200 });
};

it('tells apart what happened in a part with a name', () => {
  const { counts } = check(example(part('rush', 0, 60)));
  expect(counts).toMatchObject({ 'rush: rejoined': 1, 'rush: convergedMaxMs': 1_200, 'rush: steps': counts['steps'] });
  expect(counts['rush: alerts']).toBeGreaterThan(0);
  const early = check(example(part('nothing', -20, -10))).counts;
  expect(early).toMatchObject({ 'nothing: alerts': 0, 'nothing: steps': 0, 'nothing: faults': 0 });
});
