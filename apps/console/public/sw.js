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

/**
 * What was sent: declarative web push (`{ web_push, notification }`), a plain `{ title, body, tag, ... }`, or bare text.
 * A browser that knows declarative push reads it itself and hands over no bytes, but the notification that it proposes.
 */
function read({ data, notification }) {
  if (!data) return notification ? { web_push: 8030, notification } : {};
  try {
    const sent = data.json();
    if (sent && typeof sent === 'object') return sent;
  } catch {
    // Bare text is shown as it is.
  }
  return { body: data.text() };
}

function pageOf(sent) {
  const notification = sent.notification || sent;
  const data = notification.data || notification;
  const tag = notification.tag || notification.incident || data.deliveryId;
  const word = Array.from(notification.actions || []).find((a) => a.action === 'acknowledge');
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
  const { title, ...page } = pageOf(read(event));
  // What could not be shown has not arrived: without its receipt the ladder climbs on.
  event.waitUntil(self.registration.showNotification(title, page).then(() => receipt(page.data, 'delivered')));
});

self.addEventListener('notificationclick', (event) => {
  const { notification } = event;
  const page = notification.data || {};
  notification.close();
  if (event.action === 'acknowledge') event.waitUntil(acknowledge(page, notification));
  else event.waitUntil(Promise.all([receipt(page, 'seen'), open(page)]));
});

const notSent = { en: 'NOT SENT', ur: 'نہیں بھیجا گیا', zh: '未发送' };

async function acknowledge(page, notification) {
  const answer = await post('/v1/push/acknowledge', { deliveryId: page.deliveryId, code: page.code }).catch(() => null);
  if (answer && answer.ok) return;
  // Nobody heard it: the page comes back with its button, so that the tap is not taken for an answer.
  const { title, ...shown } = pageOf({ web_push: 8030, notification });
  const said = `${notSent[shown.lang] || notSent.en} · `;
  const body = shown.body.startsWith(said) ? shown.body : said + shown.body;
  await self.registration.showNotification(title, { ...shown, body, requireInteraction: true });
}

async function open({ url, incident }) {
  const address = new URL(url || (incident ? `/?incident=${encodeURIComponent(incident)}` : '/'), self.location.origin);
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const here = all.find((client) => new URL(client.url).origin === self.location.origin);
  if (!here) return self.clients.openWindow(address.href);
  here.postMessage({ open: incident });
  return here.focus();
}
