import { type Channel, emailChannel, pushChannel, webhookChannel, withBreaker } from '@tocsin/channels';
import type { NotifierSettings } from '@tocsin/config';
import type { ChannelKind } from '@tocsin/domain';
import type { PageSecrets } from '@tocsin/operations';

/** One call goes to all phones of a person: one that waited for a connection would begin long after it was chosen. */
const phonesEach = 4;

export interface ChannelParts {
  readonly settings: Pick<NotifierSettings, 'smtpUrl' | 'allowHosts'>;
  readonly publicUrl: string;
  /** null: they cannot be read (another TOCSIN_SECRET), so that only mail can be sent. */
  readonly secrets: PageSecrets | null;
  /** Calls at once, which is also the number of connections. */
  readonly places: number;
}

/** A lane's own instance of a channel, on connections of its own. */
export function openChannel(kind: ChannelKind, { settings, publicUrl, secrets, places }: ChannelParts): Channel {
  const { allowHosts } = settings;
  const domain = new URL(publicUrl).hostname;
  const from = `tocsin@${/^[\d.]+$|:/.test(domain) ? 'localhost' : domain}`;
  switch (kind) {
    case 'email':
      return withBreaker(emailChannel({ smtpUrl: settings.smtpUrl, from: `Tocsin <${from}>`, connections: places }));
    case 'push': {
      const subject = publicUrl.startsWith('https:') ? publicUrl : `mailto:${from}`;
      return withBreaker(
        pushChannel({ vapid: secrets?.vapid ?? null, subject, allowHosts, connectionsPerHost: places * phonesEach }),
      );
    }
    case 'webhook':
      // Silent receivers are the lane's affair (TargetHealth): their pages wait, for they have no next rung.
      return webhookChannel({ signingKey: secrets?.webhookKey ?? null, allowHosts, connectionsPerHost: places });
  }
}
