package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	api "example.com/foreign/openapi"
)

var (
	carrier  = os.Getenv("CARRIER")
	created  = os.Getenv("CREATED")
	known    = os.Getenv("KNOWN")
	unknown  = os.Getenv("UNKNOWN")
	settings = api.NewConfiguration()
)

type step struct {
	name string
	act  func(context.Context, *api.TrackingsAPIService) (string, error)
}

func failure(response *api.ErrorResponse) string {
	return fmt.Sprintf("error %v", response.Meta.Code)
}

func create(ctx context.Context, trackings *api.TrackingsAPIService) (string, error) {
	tracking := *api.NewCreateTrackingRequest(created, carrier)
	response, _, err := trackings.CreateTracking(ctx).CreateTrackingRequest(tracking).Execute()
	if err != nil {
		return "", err
	} else if response.ErrorResponse != nil {
		return failure(response.ErrorResponse), nil
	}
	return response.CreateTrackingResponse.Data.TrackingNumber, nil
}

func list(ctx context.Context, trackings *api.TrackingsAPIService) (string, error) {
	response, _, err := trackings.ListTrackings(ctx).Execute()
	if err != nil {
		return "", err
	} else if response.ErrorResponse != nil {
		return failure(response.ErrorResponse), nil
	}
	return fmt.Sprint(len(response.TrackingListResponse.Data.Items)), nil
}

func get(number string) func(context.Context, *api.TrackingsAPIService) (string, error) {
	return func(ctx context.Context, trackings *api.TrackingsAPIService) (string, error) {
		response, _, err := trackings.GetTracking(ctx, carrier, number).Execute()
		if err != nil {
			return "", err
		} else if response.ErrorResponse != nil {
			return failure(response.ErrorResponse), nil
		}
		return response.TrackingResponse.Data.TrackingNumber, nil
	}
}

func remove(ctx context.Context, trackings *api.TrackingsAPIService) (string, error) {
	response, _, err := trackings.DeleteTracking(ctx, carrier, created).Execute()
	if err != nil {
		return "", err
	} else if response.ErrorResponse != nil {
		return failure(response.ErrorResponse), nil
	}
	return "deleted", nil
}

func main() {
	settings.Servers = api.ServerConfigurations{{URL: os.Getenv("BASE_URL")}}
	key := api.APIKey{Key: os.Getenv("API_KEY")}
	keys := map[string]api.APIKey{"apiKey": key}
	ctx := context.WithValue(context.Background(), api.ContextAPIKeys, keys)
	trackings := api.NewAPIClient(settings).TrackingsAPI
	for _, each := range []step{
		{"create", create},
		{"get", get(known)},
		{"list", list},
		{"rejected get", get(unknown)},
		{"delete", remove},
		{"rejected delete", remove},
	} {
		result, err := each.act(ctx, trackings)
		if err != nil {
			result = "raised " + strings.Split(err.Error(), "\n")[0]
		}
		fmt.Printf("%s: %s\n", each.name, result)
	}
}
