# Checking a token needs no AWS access: the key set is public.

resource "aws_iam_role" "authorizer" {
  name                 = "${local.prefix}-authorizer"
  description          = "Function authorizer: admits or refuses requests by their token"
  assume_role_policy   = data.aws_iam_policy_document.lambda_trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "authorizer" {
  name   = "authorizer"
  role   = aws_iam_role.authorizer.name
  policy = data.aws_iam_policy_document.runtime["authorizer"].json
}
