import { get, post, Refused } from '../api/http.js';

/** on: this device is subscribed and the gateway knows; denied: the person or the browser said no. */
export type PushState = 'on' | 'off' | 'denied' | 'unsupported' | 'failed';

const supported = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** What this device can do now. An existing subscription is told to the gateway again: it may have lost it. */
export async function pushState(): Promise<PushState> {
  if (!supported()) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  const worker = await navigator.serviceWorker.getRegistration('/');
  const held = await worker?.pushManager.getSubscription();
  return held ? tell(held) : 'off';
}

export async function subscribe(): Promise<PushState> {
  if (!supported()) return 'unsupported';
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  try {
    await navigator.serviceWorker.register('/sw.js', { scope: '/' });
    const worker = await navigator.serviceWorker.ready;
    const { publicKey } = await get<{ publicKey: string }>('/v1/push/key');
    return await tell(
      await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(publicKey) }),
    );
  } catch (error) {
    // The browser's push service refuses with a DOMException, the gateway with a Refused; anything else is a bug.
    if (error instanceof Refused || error instanceof DOMException) return 'failed';
    throw error;
  }
}

async function tell(held: PushSubscription): Promise<PushState> {
  const { endpoint, keys } = held.toJSON();
  try {
    await post('/v1/push/subscriptions', { endpoint, keys: { p256dh: keys?.['p256dh'], auth: keys?.['auth'] } });
    return 'on';
  } catch (error) {
    if (error instanceof Refused) return 'failed';
    throw error;
  }
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
