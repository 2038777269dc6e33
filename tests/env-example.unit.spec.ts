import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig, settingNames } from '#kernel/config.ts';

const text = readFileSync(join(import.meta.dirname, '..', '.env.example'), 'utf8');
const example = parseEnv(text);

describe('.env.example', () => {
  it('has every setting once, in the order of kernel/config.ts, and nothing else', () => {
    const names = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names).toEqual(settingNames);
  });

  it('copied as it is, changes nothing', () => {
    expect(readConfig(example)).toEqual(readConfig({}));
  });

  it('shows what each setting is if nothing is said', () => {
    const unsaid = Object.values(readConfig({}));
    const shown = Object.values(example).filter((value) => value !== '');
    const defaults = unsaid.filter((value) => value !== undefined && value !== '');
    expect(shown.sort()).toEqual(defaults.map(String).sort());
  });

  it('says of each group of settings what it is for', () => {
    const groups = text.trim().split('\n\n').slice(1);
    expect(groups.length).toBeGreaterThan(10);
    for (const group of groups) expect(group).toMatch(/^# [A-Za-z].*\.\n/s);
  });
});
