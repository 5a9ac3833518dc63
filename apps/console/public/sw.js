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
async function receipt({ deliveryId, code }, state) {
  if (!deliveryId || !code) return;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await post('/v1/push/receipts', { deliveryId, code, state }).catch(() => null);
    if (answer && answer.status < 500) return;
  }
}

/** Declarative web push (`{ web_push, notification }`), a plain `{ title, body, tag, ... }`, or bare text: all are shown. */
function read(event) {
  let sent = {};
  try {
    sent = event.data ? event.data.json() : {};
  } catch {
    sent = { body: event.data ? event.data.text() : '' };
  }
  const { notification = sent } = sent;
  const { data = notification } = notification;
  const tag = notification.tag || notification.incident || data.deliveryId;
  const word = (notification.actions || []).find((a) => a.action === 'acknowledge');
  const acknowledge = word || (!sent.web_push && data.deliveryId && { action: 'acknowledge', title: 'Acknowledge' });
  return {
    title: notification.title || 'Tocsin',
    body: notification.body || '',
    lang: notification.lang,
    dir: notification.dir,
    tag,
    renotify: Boolean(tag),
    requireInteraction: notification.requireInteraction !== false,
    icon: '/icon.svg',
    badge: '/icon.svg',
    data: {
      deliveryId: data.deliveryId,
      code: data.code,
      url: data.url || notification.navigate,
      incident: (data.incidentIds || [])[0] || data.incident,
    },
    actions: acknowledge ? [{ action: 'acknowledge', title: acknowledge.title }] : [],
  };
}

self.addEventListener('push', (event) => {
  const { title, ...page } = read(event);
  event.waitUntil(Promise.all([self.registration.showNotification(title, page), receipt(page.data, 'delivered')]));
});

self.addEventListener('notificationclick', (event) => {
  const { title, body, tag, data } = event.notification;
  const page = data || {};
  event.notification.close();
  if (event.action === 'acknowledge') event.waitUntil(acknowledge(page, { title, body, tag }));
  else event.waitUntil(Promise.all([receipt(page, 'seen'), open(page)]));
});

async function acknowledge(page, { title, body, tag }) {
  const answer = await post('/v1/push/acknowledge', { deliveryId: page.deliveryId, code: page.code }).catch(() => null);
  if (answer && answer.ok) return;
  // Nobody heard it: the page comes back, so that the tap is not taken for an answer.
  await self.registration.showNotification(title, {
    body: `NOT SENT · ${body}`,
    tag,
    data: page,
    requireInteraction: true,
  });
}

async function open({ url, incident }) {
  const address = new URL(url || (incident ? `/?incident=${encodeURIComponent(incident)}` : '/'), self.location.origin);
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const here = all.find((client) => new URL(client.url).origin === self.location.origin);
  if (!here) return self.clients.openWindow(address.href);
  here.postMessage({ open: incident });
  return here.focus();
}
