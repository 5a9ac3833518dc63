import { explainAlert } from './explain-alert.js';
import { documentOf, readConfig } from './read-config.js';

const read = readConfig(`${__dirname}/../../../../config/islamabad`);
if (!read.ok) throw new Error('the example has faults');
const live = { version: '7', document: documentOf(read.files, null, (slug) => slug) };
/** Wednesday 2026-11-25 in Islamabad. */
const noon = Date.UTC(2026, 10, 25, 7) * 1_000;
const midnight = Date.UTC(2026, 10, 24, 19) * 1_000;
const ladder = (item: object, at = noon) =>
  explainAlert(live, { key: 'k', ...item }, { at }).moments.map(({ afterS, kind, pages }) => [
    afterS,
    kind,
    pages.map(({ target }) => target.id).join(' '),
  ]);

describe('who would be paged', () => {
  it('climbs the ladder of a critical alarm at noon, and repeats its last step', () => {
    expect(ladder({ site: 'pine-hill-school', category: 'panic' }).slice(0, 5)).toEqual([
      [0, 'step', expect.stringMatching(/^(kamran-abbasi|hina-raza) zeeshan-haider junaid-akram liu-fang$/)],
      [30, 'step', expect.stringMatching(/^(tariq-mehmood|saima-javed)$/)],
      [90, 'step', expect.stringMatching(/^(asad-mirza|nadia-hussain|gao-peng)$/)],
      [150, 'exhaustion', ''],
      [450, 'repeat', expect.any(String)],
    ]);
  });

  it('has the night shift on at night, and the armoury its own policy', () => {
    expect(ladder({ site: 'pine-hill-school', severity: 'high' }, midnight)[0]).toEqual([
      0,
      'step',
      expect.stringMatching(/^(naveed-iqbal|wang-lei)$/),
    ]);
    const armoury = (at: number) =>
      explainAlert(live, { key: 'k', site: 'headquarters', zone: 'armoury', severity: 'high' }, { at }).route;
    expect([armoury(midnight).policy, armoury(noon).policy]).toEqual(['armoury-night', 'centre-high']);
    expect(armoury(noon).trace.find(({ route }) => route === 'armoury-night')?.miss?.field).toBe('windows');
  });

  it('says what was filled in, and by whose defaults', () => {
    const { alert, route } = explainAlert(live, { key: 'k' }, { at: noon, source: 'alertmanager' });
    expect([alert, route.route]).toEqual([
      { site: 'headquarters', zone: null, category: 'monitoring', severity: 'medium', reality: 'actual' },
      'technical-routine',
    ]);
  });

  it('pages a test contact alone for a test, nobody for info, the reserve for a site that nobody knows', () => {
    expect(ladder({ site: 'headquarters', reality: 'test', severity: 'high' })[0]).toEqual([0, 'step', 'bench-phone']);
    expect(ladder({ site: 'headquarters', severity: 'info' })).toEqual([]);
    expect(ladder({ site: 'atlantis', severity: 'high' })[0]).toEqual([
      0,
      'step',
      'zeeshan-haider junaid-akram liu-fang',
    ]);
    expect(explainAlert(live, { key: 'k', site: 'atlantis' }, { at: noon }).route.reason.code).toBe(
      'route-unknown-site',
    );
  });

  it('names the channels in their order', () => {
    const [first] = explainAlert(live, { key: 'k', site: 'headquarters', category: 'technical' }, { at: noon }).moments;
    expect(first?.pages[0]?.channels).toEqual([
      { channel: 'push', afterS: null },
      { channel: 'email', afterS: 10 },
    ]);
  });
});
