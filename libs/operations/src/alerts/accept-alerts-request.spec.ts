import { keyHash } from '@tocsin/store';
import { newId } from './accept-alerts-new-id.js';
import { keyHashOf } from './accept-alerts-request.js';

it('names an episode by the same bytes as the store does', () => {
  const principal = { kind: 'source' as const, agency: 'unit', id: 'panels' };
  const bytes = keyHash({
    agency: 'unit',
    principalKind: 'source',
    principalId: 'panels',
    reality: 'test',
    key: 'ключ "7"',
  });
  expect(keyHashOf(principal, 'test', 'ключ "7"')).toBe(bytes.toString('hex'));
});

it('makes ids that are UUIDs v7, each later than the one before', () => {
  const ids = Array.from({ length: 5_000 }, newId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
