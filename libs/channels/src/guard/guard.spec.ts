import type { LookupAddress } from 'node:dns';
import { type HttpPeer, startHttpPeer } from '../../test/http-peer.js';
import { checkAddress, isPublic, isReachable } from './check-address.js';
import { guardedAgents, type Resolve } from './guarded-agents.js';
import { guardedPost } from './guarded-request.js';

const refusalOf = (url: string, allowHosts: string[] = []) => {
  const check = checkAddress(url, allowHosts);
  return check.ok ? 'ok' : check.refusal;
};

describe('checkAddress', () => {
  it.each([
    ['https://hooks.example.org/x?y=1#z', 'ok'],
    ['HTTPS://Hooks.Example.ORG/x', 'ok'],
    ['https://hooks.example.org:443/', 'ok'],
    ['https://1.1.1.1/', 'ok'],
    ['https://[2606:4700:4700::1111]/', 'ok'],
    ['http://hooks.example.org/', 'scheme'],
    ['ftp://hooks.example.org/', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['gopher://127.0.0.1/', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['hooks.example.org', 'not-a-url'],
    ['', 'not-a-url'],
    ['https://', 'not-a-url'],
    ['https://hooks.example.org:8443/', 'port'],
    ['https://hooks.example.org:22/', 'port'],
    ['https://user@hooks.example.org/', 'user-in-url'],
    ['https://user:secret@hooks.example.org/', 'user-in-url'],
    ['https://@hooks.example.org/', 'user-in-url'],
    ['https://hooks.example.org@127.0.0.1/', 'user-in-url'],
    ['https://127.1/', 'odd-host'],
    ['https://127.0.1/', 'odd-host'],
    ['https://0x7f000001/', 'odd-host'],
    ['https://0x7f.0.0.1/', 'odd-host'],
    ['https://0177.0.0.1/', 'odd-host'],
    ['https://2130706433/', 'odd-host'],
    ['https://017700000001/', 'odd-host'],
    ['https://１２７.0.0.1/', 'odd-host'],
    ['https://127。0。0。1/', 'odd-host'],
    ['https://%31%32%37.0.0.1/', 'odd-host'],
    ['https://exa%6dple.org/', 'odd-host'],
    ['https://ⓔxample.org/', 'odd-host'],
    ['https://localhost./', 'odd-host'],
    ['https:\\\\127.0.0.1\\x', 'odd-host'],
    ['https:hooks.example.org', 'odd-host'],
    ['https:///hooks.example.org', 'odd-host'],
    ['https://hooks.example.org\\@127.0.0.1/', 'user-in-url'],
    [' https://hooks.example.org/', 'odd-host'],
    ['https://hooks.exam\tple.org/', 'odd-host'],
    ['https://[0:0:0:0:0:ffff:127.0.0.1]/', 'odd-host'],
    ['https://[::ffff:7f00:1]/', 'not-public'],
    ['https://[::ffff:a9fe:a9fe]/', 'not-public'],
    ['https://[::7f00:1]/', 'not-public'],
    ['https://[::1]/', 'not-public'],
    ['https://[::]/', 'not-public'],
    ['https://[fd00::1]/', 'not-public'],
    ['https://[fe80::1]/', 'not-public'],
    ['https://[fec0::1]/', 'not-public'],
    ['https://[64:ff9b::7f00:1]/', 'not-public'],
    ['https://[2002:7f00:1::]/', 'not-public'],
    ['https://[2001:0:7f00:1::]/', 'not-public'],
    ['https://[2001::7f00:1]/', 'not-public'],
    ['https://[ff02::1]/', 'not-public'],
    ['https://127.0.0.1/', 'not-public'],
    ['https://10.0.0.1/', 'not-public'],
    ['https://172.16.0.1/', 'not-public'],
    ['https://192.168.1.1/', 'not-public'],
    ['https://169.254.169.254/latest/meta-data', 'not-public'],
    ['https://100.64.0.1/', 'not-public'],
    ['https://0.0.0.0/', 'not-public'],
    ['https://255.255.255.255/', 'not-public'],
    ['https://224.0.0.1/', 'not-public'],
    ['https://198.18.0.1/', 'not-public'],
    ['https://192.0.2.1/', 'not-public'],
    ['https://240.0.0.1/', 'not-public'],
  ])('%s -> %s', (url, verdict) => {
    expect(refusalOf(url)).toBe(verdict);
  });

  it.each([
    ['http://10.0.0.5:8080/hook', ['10.0.0.5:8080'], 'ok'],
    ['http://10.0.0.5:8081/hook', ['10.0.0.5:8080'], 'scheme'],
    ['https://10.0.0.5/hook', ['10.0.0.5:8080'], 'not-public'],
    ['http://desk.local/hook', ['desk.local'], 'ok'],
    ['https://desk.local:8443/hook', ['desk.local'], 'port'],
    ['http://notdesk.local/hook', ['desk.local'], 'scheme'],
    ['http://[::1]:8080/', ['[::1]:8080'], 'ok'],
    ['http://user@desk.local/', ['desk.local'], 'user-in-url'],
    ['http://169.254.169.254/', ['169.254.169.254'], 'not-public'],
    ['http://0x0a000005:8080/', ['10.0.0.5:8080'], 'odd-host'],
  ])('%s with %j -> %s', (url, allowHosts, verdict) => {
    expect(refusalOf(url, allowHosts)).toBe(verdict);
  });

  it('judges addresses', () => {
    expect(['8.8.8.8', '2606:4700::1'].every(isPublic)).toBe(true);
    expect(['', 'x', '10.1.1.1', '::1', '4000::1', 'fe80::1%eth0'].some(isPublic)).toBe(false);
    expect(['10.1.1.1', '127.0.0.1', 'fd00::1', '8.8.8.8'].every(isReachable)).toBe(true);
    expect(['169.254.169.254', '0.0.0.0', '::', 'fe80::1', '::ffff:127.0.0.1', '224.0.0.1'].some(isReachable)).toBe(
      false,
    );
  });
});

describe('guardedPost', () => {
  let peer: HttpPeer;
  beforeAll(async () => {
    peer = await startHttpPeer();
  });
  afterAll(() => peer.close());
  const post = async (url: string, resolve: Resolve, allowHosts: string[] = []) => {
    const agents = guardedAgents({ resolve, allowHosts });
    const result = await guardedPost(
      { url, headers: {}, body: '{}', signal: AbortSignal.timeout(3_000) },
      agents,
      allowHosts,
    );
    agents.destroy();
    return result;
  };
  const to =
    (...addresses: string[]): Resolve =>
    (_host, done) =>
      done(
        null,
        addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  it.each([
    ['a private address', ['10.0.0.1']],
    ['loopback', ['127.0.0.1']],
    ['cloud metadata', ['169.254.169.254']],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['a private address beside a public one', ['93.184.216.34', '127.0.0.1']],
    ['nothing', []],
  ])('does not connect to a name that resolves to %s', async (_what, addresses) => {
    expect(await post('https://evil.example.org/', to(...addresses))).toEqual({
      kind: 'refused',
      refusal: 'not-public',
    });
  });

  it('resolves once and goes to that very address: an answer that changes later is never asked for', async () => {
    let asked = 0;
    const rebinding: Resolve = (_host, done) => {
      asked++;
      done(null, [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
    };
    const host = `desk.local:${peer.port}`;
    expect(await post(`http://${host}/`, rebinding, [host])).toMatchObject({ kind: 'answered', status: 200 });
    expect(asked).toBe(1);
    expect(peer.requests.at(-1)?.headers.host).toBe(host);
  });

  it('does not lend a connection of a vouched port to another port of that host', async () => {
    expect(await post('https://desk.local/', to('127.0.0.1'), [`desk.local:${peer.port}`])).toEqual({
      kind: 'refused',
      refusal: 'not-public',
    });
  });

  it('does not let a vouched name reach metadata', async () => {
    const host = `desk.local:${peer.port}`;
    expect(await post(`http://${host}/`, to('169.254.169.254'), [host])).toEqual({
      kind: 'refused',
      refusal: 'not-public',
    });
  });

  it('reports a name that does not exist as not sent', async () => {
    const failing: Resolve = (_host, done) => done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    expect(await post('https://gone.example.org/', failing)).toEqual({
      kind: 'failed',
      sent: false,
      code: 'ENOTFOUND',
    });
  });
});
