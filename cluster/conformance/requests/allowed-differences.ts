/**
 * What is left out on both sides of every comparison. Columns of tables, fields of schemas and operations are described in
 * sentences, which are not repeated here.
 */
export const leftOut = 'description';

/** Answers that may differ from the real server's, by scenario and step, with the reason. */
export const allowedDifferences: Readonly<Record<string, string>> = {
  'creations/body.list': 'names the Go type that the text did not fit',
  'applies/apply.bad-yaml': 'the words of the YAML library',
  'deletions/create.in-owner-of-two': 'two owners that both say they are the controller are not refused yet',
  'pods-and-services/pod.immutable': 'prints the difference of two Go structs',
  'pods-and-services/pod.resize': 'a change of the class of service is not refused yet',
  'pods-and-services/pod.terminating': 'follows from the line above',
  'pods-and-services/pod.force': 'follows from the line above',
  'strictness/finalize.bad-label': 'says the same mistake three times',
  'custom-objects/definition.openapi': 'operations have fewer parameters, and other names',
  'pods-and-services/token': 'the answer to a token request has fewer server-set fields',
  'custom-tour/w.rv1':
    'the changes of a kind are known since its definition, and not only since it was first asked for',
  'custom-tour/openapi.v3.gv': 'operations have fewer parameters, and other names',
};
