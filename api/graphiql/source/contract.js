// The contract as the server prints it, with the access rule of each field written into the field's description:
// the docs pane, the explorer and the editor's hints all show it.

import { buildSchema, getNamedType, isInterfaceType, isObjectType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

import { known, roleWords, rolesWith } from './known.js';

const RULES = {
  PUBLIC: 'видно всем',
  WITH_ROW: 'видно везде, где видна сама запись',
  GUARDED: 'по праву',
};
const CLASSES = {
  P0: 'P0, общедоступное',
  P1: 'P1, внутреннее',
  P2: 'P2, персональные данные',
  P3: 'P3, специальные данные',
};

export async function loadContract() {
  const answer = await fetch(known.contract);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const schema = buildSchema(await answer.text(), { assumeValid: true });
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) || isInterfaceType(type)) Object.values(type.getFields()).forEach(describe);
  }
  return schema;
}

function describe(field) {
  const rule = ruleOf(field);
  if (rule) field.description = `${field.description ?? ''}\n\n${inMarkdown(rule)}`;
}

// What @access says of a field: {kind, permissions, masked, sensitivity}; null where nothing is said.
export function ruleOf(field) {
  const printed = field?.astNode?.directives?.find((directive) => directive.name.value === 'access');
  if (!printed) return null;
  const said = Object.fromEntries(printed.arguments.map(({ name, value }) => [name.value, value.value]));
  return {
    kind: said.rule,
    kindWords: RULES[said.rule] ?? said.rule,
    permissions: said.permission?.split(', ') ?? [],
    masked: said.masked ?? null,
    sensitivity: CLASSES[said.sensitivity] ?? said.sensitivity,
  };
}

function inMarkdown(rule) {
  const lines = [`**Доступ:** ${rule.kindWords}; ${rule.sensitivity}`];
  for (const permission of rule.permissions) lines.push(`- \`${permission}\`: ${holders(permission)}`);
  if (rule.masked) lines.push(`- под маской, \`${rule.masked}\`: ${holders(rule.masked)}`);
  return lines.join('\n');
}

function holders(permission) {
  return rolesWith(permission).map(roleWords).join(', ') || 'никому';
}

// Finds a field by its coordinate, `Student.snils`.
export function fieldAt(schema, coordinate) {
  const [type, field] = coordinate.split('.');
  return schema?.getType(type)?.getFields?.()[field] ?? null;
}

// Coordinate of the innermost field around an offset of the document; null where there is none.
export function coordinateAt(schema, document, offset) {
  const info = new TypeInfo(schema);
  let found = null;
  visit(document, visitWithTypeInfo(info, {
    Field(node) {
      const parent = info.getParentType();
      const within = node.loc.start <= offset && offset <= node.loc.end;
      if (!within) return false;
      if (parent && info.getFieldDef()) found = `${getNamedType(parent).name}.${node.name.value}`;
      return undefined;
    },
  }));
  return found;
}

// All coordinates whose name has this text in it, in the order of the contract.
export function coordinatesWith(schema, text, limit) {
  const wanted = text.toLowerCase();
  const found = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const name of Object.keys(type.getFields())) {
      const coordinate = `${type.name}.${name}`;
      if (coordinate.toLowerCase().includes(wanted) && found.push(coordinate) === limit) return found;
    }
  }
  return found;
}
