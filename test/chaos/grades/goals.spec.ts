import { goalsMet } from './goals';

const goals = [
  { what: 'Kills', figure: 'kills', atLeast: 200 },
  { what: 'Lost', figure: 'lost', atMost: 0 },
];

it('is met at the bound itself, and not beyond', () => {
  expect(goalsMet(goals, { kills: 200, lost: 0 }).map(({ isMet }) => isMet)).toEqual([true, true]);
  expect(goalsMet(goals, { kills: 199, lost: 1 }).map(({ isMet }) => isMet)).toEqual([false, false]);
});

it('is not met by what was not measured', () => {
  expect(goalsMet(goals, { lost: 0 })[0]).toEqual({
    what: 'Kills',
    wanted: '>= 200',
    value: null,
    isMet: false,
    anchor: '',
  });
});
