import { because, reasonCodes } from './index.js';
import { reasonTexts } from './reason-texts.js';

it('a text names its parameters, and says - for what is missing', () => {
  expect(because('step-due', { step: 2, policy: 'standard' })).toEqual({
    code: 'step-due',
    params: { step: 2, policy: 'standard' },
    text: 'Step 2 of policy standard is due.',
  });
  expect(because('step-due').text).toBe('Step - of policy - is due.');
});

it('every code is a word of the house and every text a whole one', () => {
  for (const code of reasonCodes) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(because(code).text).not.toMatch(/[{}]/);
    expect(reasonTexts[code].match(/\{/g)?.length ?? 0).toBe(reasonTexts[code].match(/\{\w+\}/g)?.length ?? 0);
  }
});
