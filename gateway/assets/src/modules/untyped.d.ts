// It ships no types of its own.
declare module "govuk-frontend";
