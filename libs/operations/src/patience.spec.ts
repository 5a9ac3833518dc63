import { Fault } from '@tocsin/domain';
import { type HeldOptions, Patience } from './patience.js';

it('what somebody holds for too long is left out at the second attempt', async () => {
  const asked: HeldOptions[] = [];
  const left = await new Patience().unlessHeld(async (options) => {
    asked.push(options);
    if (options.skipsLocked !== true) throw new Fault('store-locked', { message: 'held' });
    return ['one'];
  });
  expect(left).toEqual(['one']);
  expect(asked).toEqual([{ lockWaitMs: 250 }, { lockWaitMs: 250, skipsLocked: true }]);
});

it('every other fault is thrown as it is, at once', async () => {
  let attempts = 0;
  const failing = new Patience().unlessHeld(async () => {
    attempts += 1;
    throw new Fault('store-conflict', { message: 'again' });
  });
  await expect(failing).rejects.toMatchObject({ code: 'store-conflict' });
  expect(attempts).toBe(1);
});

it('where transactions take long, locks are waited for longer, also by a lane that never gets all of them', async () => {
  let now = 0;
  const patience = new Patience(() => now);
  for (let n = 0; n < 4; n += 1)
    await patience.unlessHeld(async ({ skipsLocked }) => {
      if (skipsLocked !== true) throw new Fault('store-locked', { message: 'held' });
      now += 150;
    });
  expect(patience.lockWaitMs).toBe(708);
  for (let n = 0; n < 20; n += 1) await patience.unlessHeld(async () => {});
  expect(patience.lockWaitMs).toBe(250);
  await patience.unlessHeld(async () => void (now += 60_000));
  expect(patience.lockWaitMs).toBe(2_000);
});
