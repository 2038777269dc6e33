import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { settings } from '#schemas/config.ts';

const text = readFileSync(join(import.meta.dirname, '..', '.env.example'), 'utf8');
const example = parseEnv(text);

describe('.env.example', () => {
  it('has every setting once, and no other', () => {
    const names = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names.toSorted()).toEqual(settings.names.toSorted());
  });

  it('changes nothing if it is copied as it is', () => {
    expect(settings.read(example)).toEqual(settings.read({}));
  });

  it('shows the default of every setting that has one', () => {
    const unsaid = Object.values(settings.read({}));
    const shown = Object.values(example).filter((value) => value !== '');
    const defaults = unsaid.filter((value) => value !== undefined && value !== '');
    expect(shown.sort()).toEqual(defaults.map(String).sort());
  });

  it('has every setting that the page for operators names', () => {
    const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'security.md'), 'utf8');
    const named = [...page.matchAll(/`([A-Z]+_[A-Z_]*[A-Z])(?=[`=])/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(20);
    const files = settings.names.map((name) => `${name}_FILE`);
    // Node itself reads this one, before any program does.
    const ofNode = 'NODE_EXTRA_CA_CERTS';
    const known = new Set([...settings.names, ...files, 'NAME_FILE', ofNode]);
    expect(named.filter((name) => !known.has(name ?? ''))).toEqual([]);
  });

  it('describes each group of settings in a comment', () => {
    const groups = text.trim().split('\n\n').slice(1);
    expect(groups.length).toBeGreaterThan(10);
    for (const group of groups) expect(group).toMatch(/^# [A-Za-z].*\.\n/s);
  });
});
