import webPush from 'web-push';
import { phoneKeys, readPush } from './push-phone';

it('reads what was sealed for it, and nothing that was sealed for another', () => {
  const subscription = { endpoint: 'https://push.example/push/a', keys: phoneKeys(7, 'a') };
  const { body } = webPush.generateRequestDetails(subscription, 'HIGH · 26-00012', { contentEncoding: 'aes128gcm' });
  expect(readPush(7, 'a', body as Buffer)).toBe('HIGH · 26-00012');
  expect(() => readPush(7, 'b', body as Buffer)).toThrow();
  expect(() => readPush(8, 'a', body as Buffer)).toThrow();
});
