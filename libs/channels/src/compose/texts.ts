import type { Reality, Severity } from '@tocsin/domain';
import type { Language } from '../channel.js';

/** What pages say, in one language. `{name}` is filled by `fill`. */
export interface PageTexts {
  readonly severity: Readonly<Record<Severity, string>>;
  /** Stands before everything else, so that a drill is never taken for an alarm. */
  readonly reality: Readonly<Record<Reality, string>>;
  readonly incidents: string;
  readonly more: string;
  readonly opened: string;
  readonly acknowledge: string;
  readonly accept: string;
  readonly open: string;
  readonly dispatched: string;
  readonly notices: Readonly<Record<string, string>>;
  readonly notice: string;
  readonly unknownSite: string;
}

export const texts: Readonly<Record<Language, PageTexts>> = {
  en: {
    severity: { critical: 'CRITICAL', high: 'HIGH', medium: 'MEDIUM', low: 'LOW', info: 'INFO' },
    reality: { actual: '', exercise: 'DRILL', test: 'TEST' },
    incidents: '{count} incidents',
    more: 'and {count} more',
    opened: 'opened {time}',
    acknowledge: 'Acknowledge',
    accept: 'Accept or decline in the console.',
    open: 'Open: {url}',
    dispatched: 'You are dispatched',
    notices: {
      recalled: 'Recalled',
      stood_down: 'Stood down',
      taken: 'Taken by another',
      transferred: 'Handed over to you',
    },
    notice: 'Update',
    unknownSite: 'Unknown site',
  },
  ur: {
    severity: { critical: 'انتہائی سنگین', high: 'سنگین', medium: 'درمیانہ', low: 'معمولی', info: 'اطلاع' },
    reality: { actual: '', exercise: 'مشق', test: 'ٹیسٹ' },
    incidents: '{count} واقعات',
    more: 'اور {count} مزید',
    opened: 'آغاز {time}',
    acknowledge: 'وصولی کی تصدیق',
    accept: 'کنسول میں قبول یا انکار کریں۔',
    open: 'کھولیں: {url}',
    dispatched: 'آپ کو روانہ کیا گیا ہے',
    notices: {
      recalled: 'واپس بلا لیا گیا',
      stood_down: 'کارروائی ختم',
      taken: 'کسی اور نے سنبھال لیا',
      transferred: 'آپ کے سپرد',
    },
    notice: 'تازہ اطلاع',
    unknownSite: 'نامعلوم مقام',
  },
  zh: {
    severity: { critical: '危急', high: '高', medium: '中', low: '低', info: '信息' },
    reality: { actual: '', exercise: '演练', test: '测试' },
    incidents: '{count} 起事件',
    more: '另有 {count} 起',
    opened: '开始于 {time}',
    acknowledge: '确认',
    accept: '请在控制台接受或拒绝。',
    open: '打开：{url}',
    dispatched: '您已被派遣',
    notices: { recalled: '已召回', stood_down: '已解除', taken: '已由他人接手', transferred: '已移交给您' },
    notice: '更新',
    unknownSite: '未知地点',
  },
};

/** Puts `params` in place of `{name}`; an unknown name stays as it is. */
export function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
