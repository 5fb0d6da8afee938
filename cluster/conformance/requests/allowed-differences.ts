/** Answers that may differ from the real server's, by scenario and step, with the reason. */
export const allowedDifferences: Readonly<Record<string, string>> = {
  'creations/body.list': 'names the Go type that the text did not fit',
  'applies/apply.bad-yaml': 'the words of the YAML library',
  'deletions/create.in-owner-of-two': 'two owners that both say they are the controller are not refused yet',
  'pods-and-services/pod.immutable': 'prints the difference of two Go structs',
  'pods-and-services/pod.resize': 'a change of the class of service is not refused yet',
  'pods-and-services/pod.terminating': 'follows from the line above',
  'pods-and-services/pod.force': 'follows from the line above',
  'pods-and-services/token': 'the answer to a token request has fewer server-set fields',
  'custom-objects/definition.openapi': 'lists the group versions of DeleteOptions that this server serves',
  'custom-objects/watch.yaml': 'long texts are not folded in YAML',
  'documents/event.newer': 'the fields of an older event that are not set',
};
