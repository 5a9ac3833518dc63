/*
 * The pager of a phone. It always shows what it is sent (a push that shows nothing makes iOS drop the subscription),
 * proves arrival and sight to the gateway by the one-time code of the delivery, and keeps no list of anything.
 */
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

const post = (path, body) =>
  fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    credentials: 'same-origin',
    keepalive: true,
    body: JSON.stringify(body),
  });

/** A receipt is tried three times: without it the ladder climbs on to the next channel, which is the safe side. */
async function receipt({ deliveryId, code }, what) {
  if (!deliveryId) return;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await post('/v1/push/receipts', { deliveryId, code, what }).catch(() => null);
    if (answer && answer.status < 500) return;
  }
}

function read(event) {
  try {
    return event.data ? event.data.json() : {};
  } catch {
    return { title: 'Tocsin', body: event.data ? event.data.text() : '' };
  }
}

self.addEventListener('push', (event) => {
  const page = read(event);
  const shown = self.registration.showNotification(page.title || 'Tocsin', {
    body: page.body || '',
    tag: page.tag || page.incident || page.deliveryId,
    renotify: Boolean(page.tag || page.incident || page.deliveryId),
    requireInteraction: true,
    icon: '/icon.svg',
    badge: '/icon.svg',
    timestamp: Date.now(),
    data: page,
    actions: page.deliveryId ? [{ action: 'acknowledge', title: page.acknowledge || 'Acknowledge' }] : [],
  });
  event.waitUntil(Promise.all([shown, receipt(page, 'delivered')]));
});

self.addEventListener('notificationclick', (event) => {
  const page = event.notification.data || {};
  event.notification.close();
  if (event.action === 'acknowledge') event.waitUntil(acknowledge(page));
  else event.waitUntil(Promise.all([receipt(page, 'seen'), open(page)]));
});

async function acknowledge(page) {
  const answer = await post('/v1/push/acknowledge', { deliveryId: page.deliveryId, code: page.code }).catch(() => null);
  if (answer && answer.ok) return;
  // Nobody heard it: the page comes back, so that the tap is not taken for an answer.
  await self.registration.showNotification(page.title || 'Tocsin', { body: `NOT SENT · ${page.body || ''}`, tag: page.tag || page.incident, data: page, requireInteraction: true });
}

async function open(page) {
  const url = new URL(page.url || (page.incident ? `/?incident=${encodeURIComponent(page.incident)}` : '/'), self.location.origin);
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const here = all.find((client) => new URL(client.url).origin === self.location.origin);
  if (!here) return self.clients.openWindow(url.href);
  here.postMessage({ open: page.incident });
  return here.focus();
}
