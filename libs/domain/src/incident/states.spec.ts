import {
  assignmentStates,
  assignmentTransitions,
  faultsOfStateTables,
  faultsOfTransitions,
  incidentStates,
  incidentTransitions,
  move,
} from '../index.js';

it('the tables are closed and reachable, and have a row for every state', () => {
  expect(faultsOfStateTables()).toEqual([]);
  expect(Object.keys(incidentTransitions).sort()).toEqual([...incidentStates].sort());
  expect(Object.keys(assignmentTransitions).sort()).toEqual([...assignmentStates].sort());
});

it('a table that leads nowhere, or has an island, is found', () => {
  expect(faultsOfTransitions({ open: { go: 'gone' }, island: {} }, 'open')).toEqual([
    'open --go--> gone: no such state',
    'island: cannot be reached from open',
  ]);
});

it('a cell that is missing is no legal move', () => {
  expect(move(incidentTransitions, 'open', 'close')).toBeUndefined();
  expect(move(incidentTransitions, 'resolved', 'close')).toBe('closed');
});
