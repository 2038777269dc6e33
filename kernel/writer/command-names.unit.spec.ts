import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { parcel } from '../testing/parcel.ts';
import { checkNames, checkParts } from './command-names.ts';

const command = (name: string, requires: Command['requires'] = []): Command => ({
  ...{ aggregate, name, route: null, role: operator, input: z.unknown(), requires },
  ...{ stream: () => ({ key: 'k', id: 'k' }), decide: () => [] },
});
const { aggregate } = parcel.requirement(ruleNamed('any'));
const rule = (name: string) => parcel.requirement(ruleNamed(name));

function ruleNamed(name: string) {
  return { name, stream: () => null, after: () => ({}), check: () => undefined };
}

it('commands may share a rule', () => {
  const shared = rule('shared');
  expect(() => checkNames([command('a', [shared]), command('b', [shared])])).not.toThrow();
});

it('two commands of one name are refused', () => {
  expect(() => checkNames([command('a'), command('a')])).toThrow('two commands a;');
});

it('a rule that a command names twice is refused', () => {
  const same = rule('same');
  expect(() => checkNames([command('a', [same, same])])).toThrow('two commands a-asserts-same;');
});

it('a command named like the assertion of a rule is refused', () => {
  const commands = [command('a', [rule('b')]), command('a-asserts-b')];
  expect(() => checkNames(commands)).toThrow('two commands a-asserts-b;');
});

it('two rules of one name are refused, also in different commands', () => {
  const commands = [command('a', [rule('same')]), command('b', [rule('same')])];
  expect(() => checkNames(commands)).toThrow('two rules same;');
});

it('two aggregates of one topic are refused', () => {
  const other = { ...command('b'), aggregate: { ...aggregate } };
  expect(() => checkNames([command('a'), other])).toThrow('two aggregates for the topic parcels;');
});

it('two commands of one route are refused', () => {
  const at = (name: string): Command => ({ ...command(name), route: 'PUT /v1/parcels' });
  expect(() => checkNames([at('a'), at('b')])).toThrow('two routes PUT /v1/parcels;');
});

it('a route parameter that the input lacks is refused', () => {
  const input = z.object({ parcelId: z.string() });
  const wrong: Command = { ...command('a'), route: 'PUT /v1/parcels/:parcel', input };
  expect(() => checkNames([wrong])).toThrow('a: the route has :parcel, but the input has no such');
});

it('a command that names no part of a state with parts is refused, and so is the reverse', () => {
  const inParts = { ...aggregate, parts: { field: 'condition', of: () => 'p' } };
  const whole = command('a');
  const parted: Command = { ...whole, aggregate: inParts, part: () => 'p' };
  expect(() => checkParts([whole, parted])).not.toThrow();
  expect(() => checkParts([{ ...whole, aggregate: inParts }])).toThrow('a needs `part`');
  expect(() => checkParts([{ ...whole, part: () => 'p' }])).toThrow('a has `part`');
});

it('a rule about a stream whose state has parts is refused', () => {
  const inParts = { ...aggregate, parts: { field: 'condition', of: () => 'p' } };
  const ruled = command('a', [{ ...rule('r'), aggregate: inParts }]);
  expect(() => checkParts([ruled])).toThrow('The rule r is about parcels, which has parts.');
});
