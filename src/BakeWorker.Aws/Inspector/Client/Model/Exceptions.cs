using System.Net;
using Amazon.Runtime;

namespace Amazon.Inspector2.Model;

public sealed class AccessDeniedException(
    string message,
    Exception inner,
    ErrorType type,
    string code,
    string requestId,
    HttpStatusCode status
) : AmazonInspector2Exception(message, inner, type, code, requestId, status);

public sealed class BadRequestException(
    string message,
    Exception inner,
    ErrorType type,
    string code,
    string requestId,
    HttpStatusCode status
) : AmazonInspector2Exception(message, inner, type, code, requestId, status);

public sealed class ConflictException(string message, Exception inner, ErrorType type, string code, string requestId, HttpStatusCode status)
    : AmazonInspector2Exception(message, inner, type, code, requestId, status);

public sealed class InternalServerException(
    string message,
    Exception inner,
    ErrorType type,
    string code,
    string requestId,
    HttpStatusCode status
) : AmazonInspector2Exception(message, inner, type, code, requestId, status);

public sealed class ResourceNotFoundException(
    string message,
    Exception inner,
    ErrorType type,
    string code,
    string requestId,
    HttpStatusCode status
) : AmazonInspector2Exception(message, inner, type, code, requestId, status);

public sealed class ServiceQuotaExceededException(
    string message,
    Exception inner,
    ErrorType type,
    string code,
    string requestId,
    HttpStatusCode status
) : AmazonInspector2Exception(message, inner, type, code, requestId, status);

public sealed class ThrottlingException(
    string message,
    Exception inner,
    ErrorType type,
    string code,
    string requestId,
    HttpStatusCode status
) : AmazonInspector2Exception(message, inner, type, code, requestId, status);

public sealed class ValidationException(
    string message,
    Exception inner,
    ErrorType type,
    string code,
    string requestId,
    HttpStatusCode status
) : AmazonInspector2Exception(message, inner, type, code, requestId, status);
