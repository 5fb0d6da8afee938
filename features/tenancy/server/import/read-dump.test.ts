import { describe, expect, it } from 'vitest';
import { readTable } from './read-dump.ts';

const dump = `
CREATE TABLE \`tenants\` (
  \`id\` bigint unsigned NOT NULL AUTO_INCREMENT,
  \`tenant_name\` varchar(50) DEFAULT NULL,
  \`remark\` longtext,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`name\` (\`tenant_name\`)
) ENGINE=InnoDB;
LOCK TABLES \`tenants\` WRITE;
INSERT INTO \`tenants\` VALUES (1,'acme','it\\'s, (really); ''ours''\\n'),(2,'zeta',NULL);
INSERT INTO \`tenants\` (\`tenant_name\`, \`id\`) VALUES ('last', 3);
INSERT INTO \`tenants_old\` VALUES (9,'x','y');
`;

describe('readTable', () => {
  it('reads rows by the columns of the definition or of the statement, and strings with anything in them', () => {
    expect(readTable(dump, 'tenants')).toEqual([
      { id: '1', tenant_name: 'acme', remark: "it's, (really); 'ours'\n" },
      { id: '2', tenant_name: 'zeta', remark: undefined },
      { id: '3', tenant_name: 'last' },
    ]);
  });

  it('has no rows of a table that is not there, nor of half a statement', () => {
    expect(readTable(dump, 'projects')).toEqual([]);
    expect(readTable("INSERT INTO `t` (`a`) VALUES ('unfinished", 't')).toEqual([{ a: 'unfinished' }]);
  });
});
